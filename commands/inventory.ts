import { CsvError, parse } from 'csv-parse/sync';
import { type InventoryRow, type StationsApart, stationsApart } from '../core/compile/stations.ts';
import { InputError } from '../core/input-error.ts';
import type { Plan } from '../core/plan.ts';

const columns = ['station_id', 'region', 'criticality'] as const;

type Read = (file: string) => Promise<string | null>;

/** The stations that a plan sets apart. `read` gives null for a file that is not there; throws an InputError with every fault. */
export async function apartIn(plan: Pick<Plan, 'stations'>, read: Read): Promise<StationsApart> {
  return (await stationsIn(plan, read)).apart;
}

/** The same, and how many stations there are; null where the plan names no inventory. */
export async function stationsIn(
  { stations }: Pick<Plan, 'stations'>,
  read: Read,
): Promise<{ apart: StationsApart; all: number | null }> {
  const file = stations.inventory;
  const rows = file === null ? [] : parseInventory(await read(file), file);
  return { apart: stationsApart(stations, rows), all: file === null ? null : rows.length };
}

/** Rows of an inventory; columns beyond the three are for others. */
export function parseInventory(text: string | null, file: string): InventoryRow[] {
  if (text === null) throw fault(file, 'is not there', 'add it, or correct stations.inventory');
  const rows = recordsOf(text, file);
  const [first] = rows;
  const missing = columns.filter((column) => first !== undefined && first[column] === undefined);
  if (first === undefined) throw fault(file, 'has no station', 'add a row for each');
  if (missing.length > 0) throw fault(`${file}:1`, `lacks ${missing.join(', ')}`, `begin it with ${columns.join(',')}`);
  const ids = new Set<string>();
  for (const [index, { station_id = '' }] of rows.entries()) {
    const row = `${file} row ${index + 1} column station_id`;
    if (station_id === '') throw fault(row, 'is empty', 'name the station');
    if (ids.has(station_id)) throw fault(row, `"${station_id}" has a row already`, 'keep one of them');
    ids.add(station_id);
  }
  return rows.map(({ station_id = '', region = '', criticality = '' }) => ({ station_id, region, criticality }));
}

function recordsOf(text: string, file: string): Partial<Record<string, string>>[] {
  try {
    return parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true });
  } catch (error) {
    if (error instanceof CsvError) throw fault(`${file}:${error.lines ?? 1}`, error.message, 'mend the CSV');
    throw error;
  }
}

function fault(place: string, message: string, fix: string): InputError {
  return new InputError([{ place, message, fix }]);
}
