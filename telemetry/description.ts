import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type FaultList, isNoEntry, quoted } from './fault-list.ts';

/** What `telemetry.json` says about the numbers. */
export type Description = {
  name: string;
  /** A reading in the set's unit is `reading * multiply / divide` kW; one of the two is 1, so that no digit is lost. */
  multiply: number;
  divide: number;
  /** Hours to add to a row's time to get the END of its hour. */
  to_hour_end: 0 | 1;
};

const MOST_BYTES = 1024 * 1024;

const scales: Record<string, { multiply: number; divide: number }> = {
  W: { multiply: 1, divide: 1000 },
  kW: { multiply: 1, divide: 1 },
  MW: { multiply: 1000, divide: 1 },
};

const hours: Record<string, 0 | 1> = { ending: 0, starting: 1 };

/** Other keys (licence, attribution, …) are for people. */
export async function readDescription(folder: string, faults: FaultList): Promise<Description> {
  const file = join(folder, 'telemetry.json');
  const fields = await readFields(file, faults);
  const description = { name: basename(resolve(folder)), multiply: 1, divide: 1, to_hour_end: 0 as 0 | 1 };
  if (fields === undefined) return description;
  const wrong = (key: string, wanted: string) => {
    const value = fields[key];
    const message =
      value === undefined ? 'is missing' : `${typeof value === 'string' ? quoted(value) : typeof value} is not known`;
    faults.add(`${file} key ${key}`, message, `state ${wanted}`);
  };
  const scale = lookUp(scales, fields.unit);
  if (scale === undefined) wrong('unit', '"kW", "MW" or "W"');
  const to_hour_end = lookUp(hours, fields.hour);
  if (to_hour_end === undefined) wrong('hour', '"ending" or "starting": which end of its hour time_utc names');
  if (fields.time_zone !== undefined && fields.time_zone !== 'UTC')
    wrong('time_zone', '"UTC", and give time_utc in UTC');
  if (fields.name !== undefined && (typeof fields.name !== 'string' || fields.name.trim() === ''))
    wrong('name', 'a name for people, or leave it out');
  const name = typeof fields.name === 'string' ? fields.name : description.name;
  return { ...description, ...scale, name, to_hour_end: to_hour_end ?? 0 };
}

/** The notice that a report of the set must carry: its attribution, else its licence, else nothing. */
export async function readNotice(folder: string): Promise<string> {
  const { attribution, licence } = JSON.parse(
    (await readFile(join(folder, 'telemetry.json'), 'utf8')).replace(/^\uFEFF/, ''),
  ) as Record<string, unknown>;
  if (typeof attribution === 'string') return attribution;
  return typeof licence === 'string' ? `Licence: ${licence}.` : '';
}

function lookUp<T>(table: Record<string, T>, key: unknown): T | undefined {
  return typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;
}

async function readFields(file: string, faults: FaultList): Promise<Record<string, unknown> | undefined> {
  let text: string;
  try {
    const { size } = await stat(file);
    if (size > MOST_BYTES) {
      faults.add(file, `has ${size} bytes`, `keep it under ${MOST_BYTES}`);
      return undefined;
    }
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (!isNoEntry(error)) throw error;
    faults.add(
      file,
      'is missing',
      'add one like {"name": "Our grid", "unit": "kW", "hour": "ending", "time_zone": "UTC"}',
    );
    return undefined;
  }
  try {
    const fields: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (isRecord(fields)) return fields;
    faults.add(file, 'is not a JSON object', 'write one like {"unit": "kW", "hour": "ending"}');
  } catch (error) {
    faults.add(file, `is not JSON (${error instanceof Error ? error.message : error})`, 'mend its syntax');
  }
  return undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
