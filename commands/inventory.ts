import { CsvError, parse } from 'csv-parse/sync';
import { type InventoryRow, type StationsApart, stationsApart } from '../core/compile/stations.ts';
import { InputError } from '../core/input-error.ts';
import { type PlaceOf, placesIn } from '../core/plan-file.ts';
import type { PlanFile } from './named-by-plan.ts';
import type { ReadFile } from './plan/blobs.ts';

type Refusal = (place: string, message: string, fix: string) => InputError;

const columns = ['station_id', 'region', 'criticality'] as const;

/**
 * The stations that a plan sets apart. `read` gives null for a file that is not there; throws an InputError with every fault, each with the
 * plan's line that it is about.
 */
export async function apartIn(written: PlanFile, read: ReadFile): Promise<StationsApart> {
  return (await stationsIn(written, read)).apart;
}

/** The stations that a plan sets apart, and how many there are in all; null where it names no inventory. */
export type Stations = { apart: StationsApart; all: number | null };

/** The same, and how many there are. */
export async function stationsIn({ plan: { stations }, text, file }: PlanFile, read: ReadFile): Promise<Stations> {
  const placeOf = placesIn(text, file);
  const { inventory } = stations;
  if (inventory === null) return { apart: stationsApart(stations, [], placeOf), all: null };
  const rows = await inventoryIn(inventory, placeOf, read);
  return { apart: stationsApart(stations, rows, placeOf), all: rows.length };
}

/** The rows of the inventory that a plan names; `placeOf` says where in the plan. Throws an InputError where it is not there, or is none. */
export async function inventoryIn(inventory: string, placeOf: PlaceOf, read: ReadFile): Promise<InventoryRow[]> {
  const place = placeOf(['stations', 'inventory']);
  const text = await read(inventory);
  if (text !== null) return parseInventory(text, inventory, ` (${place} names it)`);
  throw new InputError([{ place, message: `there is no ${inventory}`, fix: 'add it, or correct its path' }]);
}

/** Rows of an inventory; columns beyond the three are for others. `named` ends every message: by what the file is read. */
export function parseInventory(text: string, file: string, named = ''): InventoryRow[] {
  const fault = (place: string, message: string, fix: string) =>
    new InputError([{ place, message: `${message}${named}`, fix }]);
  const rows = recordsOf(text, file, fault);
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

function recordsOf(text: string, file: string, fault: Refusal): Partial<Record<string, string>>[] {
  try {
    return parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true });
  } catch (error) {
    if (error instanceof CsvError) throw fault(`${file}:${error.lines ?? 1}`, error.message, 'mend the CSV');
    throw error;
  }
}
