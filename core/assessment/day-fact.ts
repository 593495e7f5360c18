import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { type Fault, InputError } from '../input-error.ts';
import { lazily } from '../lazily.ts';
import { MOST_KW } from '../telemetry.ts';
import schema from './day-fact.schema.json' with { type: 'json' };

/** Scored hours, then sums over them of the mean absolute error in kW and of the mean squared error in kW². */
export type ErrorSums = [hours: number, abs_kw: number, sq_kw2: number];

export type Role = 'serving' | 'beside' | 'control';

/** What one release did on one UTC day; day-fact.schema.json describes every field. null: not recorded, which never counts as nothing. */
export type DayFact = {
  schema: 1;
  day: string;
  release: string;
  arm: string;
  role: Role;
  expected_station_hours: number;
  pod_hashes: string[] | null;
  accuracy: { stations: Record<string, ErrorSums>; lead_groups: Record<string, ErrorSums> } | null;
  energy: { station_hours: number; shortfall_kwh: number; surplus_kwh: number } | null;
  forecasts: { answered: number; failed: number | null; fallback: number } | null;
  latency_counts: number[] | null;
  resources: Resources | null;
  engagement: { shown: number; followed: number } | null;
  feedback: { scores: number; sum: number; sum_sq: number; texts: string[] } | null;
  drift_events: number | null;
  /** The last day of what the release's model learned from. */
  trained_to: string | null;
  /** Whether stations are parts of one another, as feeders are of their substation. */
  nested_stations: boolean;
};

export type Resources = {
  cpu_s: number;
  gpu_s: number | null;
  memory_gb_h: number | null;
  memory_bytes_max: number | null;
  forecasts: number;
};

/** A fact of which nothing is recorded yet. */
export function emptyFact(
  of: Pick<DayFact, 'day' | 'release' | 'arm' | 'role'> & { expected_station_hours?: number },
): DayFact {
  return {
    schema: 1,
    ...{ day: of.day, release: of.release, arm: of.arm, role: of.role },
    expected_station_hours: of.expected_station_hours ?? 0,
    pod_hashes: null,
    ...{ accuracy: null, energy: null, forecasts: null, latency_counts: null, resources: null },
    ...{ engagement: null, feedback: null, drift_events: null, trained_to: null },
    nested_stations: false,
  };
}

/** Pod-template hashes of one fact; Argo's are letters and digits, which a query can hold as they are. */
export const MOST_POD_HASHES = 16;
export const POD_HASH_PATTERN = '^[A-Za-z0-9-]{1,63}$';

/** Facts of 400 days, ten releases or arms a day and a control. */
const MOST_FACTS = 4400;
const MOST_FAULTS = 20;

const validator = lazily(() =>
  new Ajv2020({ allErrors: true, verbose: true, strictTypes: false, useDefaults: true }).compile<DayFact>(schema),
);

/** Reads facts from the text of a .jsonl file, strictly: every fault with its line, up to 20 of them. */
export function parseDayFacts(text: string, file: string): DayFact[] {
  const faults: Fault[] = [];
  const facts: DayFact[] = [];
  const lines = new Map<string, number>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const place = `${file}:${index + 1}`;
    const fact = parseLine(line, place, faults);
    if (fact === null) continue;
    const key = [fact.day, fact.role, fact.release, fact.arm].join(' ');
    const before = lines.get(key);
    if (before !== undefined)
      faults.push({ place, message: `is a second fact of ${key}, after line ${before}`, fix: 'remove one of the two' });
    lines.set(key, index + 1);
    facts.push(fact);
    if (facts.length > MOST_FACTS)
      throw new InputError([
        { place, message: `is beyond ${MOST_FACTS} facts`, fix: 'cut the file to the days that are compared' },
      ]);
  }
  if (facts.length === 0 && faults.length === 0)
    faults.push({
      place: file,
      message: 'holds no fact',
      fix: 'write one JSON object per line (day-fact.schema.json)',
    });
  if (faults.length > 0) throw new InputError(limited(faults, file));
  return facts;
}

function parseLine(line: string, place: string, faults: Fault[]): DayFact | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch (cause) {
    faults.push({ place, message: `is no JSON (${String(cause)})`, fix: 'write one JSON object per line' });
    return null;
  }
  const valid = validator();
  if (!valid(parsed)) {
    faults.push(
      ...(valid.errors ?? []).filter(({ keyword }) => keyword !== 'oneOf').map((error) => faultOf(error, place)),
    );
    return null;
  }
  const wrong = meaningFaults(parsed, place);
  faults.push(...wrong);
  return wrong.length > 0 ? null : parsed;
}

function faultOf({ instancePath, keyword, message, params, data }: ErrorObject, place: string): Fault {
  const field = instancePath.slice(1).replaceAll('/', '.');
  const where = field === '' ? place : `${place} ${field}`;
  if (keyword === 'additionalProperties')
    return { place: where, message: `"${params.additionalProperty}" is not known here`, fix: 'remove it' };
  if (keyword === 'required')
    return {
      place: where,
      message: `"${params.missingProperty}" is missing`,
      fix: 'add it; null where it was not recorded',
    };
  return {
    place: where,
    message: `${JSON.stringify(data)?.slice(0, 80)} ${message ?? 'is invalid'}`,
    fix: 'see day-fact.schema.json',
  };
}

/** What the schema cannot say. */
function meaningFaults(fact: DayFact, place: string): Fault[] {
  const faults: Fault[] = [];
  if (new Date(`${fact.day}T00:00:00Z`).toJSON()?.slice(0, 10) !== fact.day)
    faults.push({ place: `${place} day`, message: `"${fact.day}" is no day`, fix: 'write one like 2026-03-01' });
  const hours = Object.values(fact.accuracy?.stations ?? {}).reduce((sum, [n]) => sum + n, 0);
  if (hours > fact.expected_station_hours)
    faults.push({
      place: `${place} accuracy.stations`,
      message: `hold ${hours} station-hours of ${fact.expected_station_hours} expected`,
      fix: 'score every station-hour once',
    });
  for (const [station, [n, abs_kw, sq_kw2]] of Object.entries(fact.accuracy?.stations ?? {}))
    if (abs_kw > n * MOST_KW || sq_kw2 > n * MOST_KW ** 2)
      faults.push({
        place: `${place} accuracy.stations.${station}`,
        message: `[${n}, ${abs_kw}, ${sq_kw2}] is an error of more than ${MOST_KW} kW`,
        fix: 'mend the unit, or leave the station out',
      });
  const { feedback } = fact;
  if (feedback !== null && (feedback.sum < feedback.scores || feedback.sum > 5 * feedback.scores))
    faults.push({
      place: `${place} feedback.sum`,
      message: `${feedback.sum} cannot be of ${feedback.scores} scores from 1 to 5`,
      fix: 'sum the scores as they were given',
    });
  return faults;
}

function limited(faults: readonly Fault[], file: string): Fault[] {
  const more = faults.length - MOST_FAULTS;
  if (more <= 0) return [...faults];
  return [...faults.slice(0, MOST_FAULTS), { place: file, message: `${more} more faults`, fix: 'mend these first' }];
}

/** One fact as its line of the file. */
export function lineOf(fact: DayFact): string {
  return `${JSON.stringify(fact)}\n`;
}
