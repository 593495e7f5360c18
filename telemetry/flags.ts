import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse/sync';
import { cellNumber } from './cells.ts';
import { type Description, readDescription } from './description.ts';
import { FaultList, isNoEntry, quoted } from './fault-list.ts';
import { rowHour } from './row-time.ts';
import { readStations } from './stations.ts';

const HEADER = ['time_utc', 'station_id', 'category', 'raw'];
const MOST_BYTES = 256 * 1024 * 1024;

/** A reading that the set's makers screened out; `raw_kw` is what the station said, null when it said nothing. */
export type Flag = { station_id: string; hour: number; category: string; raw_kw: number | null };

/** `flags.csv.gz` of a set, empty when it has none. Hours are named by their END. */
export async function readFlags(folder: string): Promise<Flag[]> {
  const file = join(folder, 'flags.csv.gz');
  const faults = new FaultList();
  const description = await readDescription(folder, faults);
  const known = new Set((await readStations(folder, faults))?.map(({ station_id }) => station_id));
  const [header, ...rows] = await readRows(file, faults);
  if (header !== undefined && header.join() !== HEADER.join())
    faults.add(`${file} row 1`, `is headed ${quoted(header.join())}`, `head it ${HEADER.join()}`);
  const flags = rows.map((cells, i) => toFlag(cells, `${file} row ${i + 2}`, description, known, faults));
  faults.throwIfAny(folder);
  return flags;
}

async function readRows(file: string, faults: FaultList): Promise<string[][]> {
  try {
    return parse(await promisify(gunzip)(await readFile(file), { maxOutputLength: MOST_BYTES }), { bom: true });
  } catch (error) {
    if (isNoEntry(error)) return [];
    if (error instanceof CsvError) faults.add(file, `is not CSV (${error.message})`, 'mend the row');
    else if (error instanceof Error && 'code' in error)
      faults.add(file, `cannot be unpacked (${error.message})`, `compress it with gzip, at most ${MOST_BYTES} bytes`);
    else throw error;
    return [];
  }
}

function toFlag(
  [time = '', station_id = '', category = '', raw = '']: string[],
  place: string,
  { multiply, divide, to_hour_end }: Description,
  known: ReadonlySet<string>,
  faults: FaultList,
): Flag {
  const hour = rowHour(time);
  if (typeof hour !== 'number') faults.add(`${place} column time_utc`, `${quoted(time)} ${hour.message}`, hour.fix);
  if (!known.has(station_id))
    faults.add(`${place} column station_id`, `${quoted(station_id)} is no station`, 'add it to stations.csv');
  const bytes = Buffer.from(raw);
  const reading = cellNumber(bytes, 0, bytes.length);
  if (reading === undefined)
    faults.add(`${place} column raw`, `${quoted(raw)} is not a number`, 'mend it, or leave it empty for no reading');
  const raw_kw = reading === undefined || Number.isNaN(reading) ? null : (reading * multiply) / divide;
  return { station_id, hour: typeof hour === 'number' ? hour + to_hour_end : 0, category, raw_kw };
}
