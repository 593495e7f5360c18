import { hourOfIso, isoOfHour, type LogEntryInput, MOST_KW, type Observation } from '../core/telemetry.ts';
import { Problem } from './problem.ts';
import type { LoggedEntry } from './repository.ts';

/** `value_kw`: NaN where it is known to be missing. */
export type Reading = { station_id: string; target_h: number; value_kw: number };

/** `observations`: as they are logged, the same text for the same content. */
export type ParsedEntry = { available_h: number; readings: Reading[]; observations: string };

/** The JSON text of a LogEntry. */
export function entryText({ seq, available_h, observations }: LoggedEntry): string {
  return `{"seq":${seq},"available_at":"${isoOfHour(available_h)}","observations":${observations}}`;
}

/** What was posted; a Problem says which field cannot be. */
export function parseEntry({ available_at, observations }: LogEntryInput): ParsedEntry {
  const available_h = parseHour(available_at, 'available_at');
  const hourOf = hoursOnce((time) => parseHour(time, 'target_time'));
  const readings = observations.map((observation) => parseReading(observation, hourOf, available_h));
  const plain = observations.map(({ station_id, target_time, value_kw }) => ({ station_id, target_time, value_kw }));
  return { available_h, readings, observations: JSON.stringify(plain) };
}

function parseReading(
  { station_id, target_time, value_kw }: Observation,
  hourOf: (time: string) => number,
  available_h: number,
): Reading {
  const target_h = hourOf(target_time);
  if (target_h > available_h)
    throw new Problem(
      400,
      'invalid-input',
      `station ${station_id}: a reading of ${target_time} cannot be known at ${isoOfHour(available_h)}; available_at is when it became known`,
    );
  if (value_kw !== null && Math.abs(value_kw) > MOST_KW)
    throw new Problem(
      400,
      'invalid-input',
      `station ${station_id}: a reading of ${value_kw} kW at ${target_time} is beyond ${MOST_KW} kW; mend the unit, or send null where it is missing`,
    );
  return { station_id, target_h, value_kw: value_kw ?? Number.NaN };
}

function parseHour(iso: string, field: string): number {
  try {
    return hourOfIso(iso);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new Problem(400, 'invalid-input', `${field}: ${cause.message}`);
  }
}

/** Nearly all readings of an entry are of one hour or two, and there are as many as stations. */
function hoursOnce(hourOf: (time: string) => number): (time: string) => number {
  let [last_time, last_h] = ['', Number.NaN];
  return (time) => {
    if (time !== last_time) [last_time, last_h] = [time, hourOf(time)];
    return last_h;
  };
}

/** Text of our own database. */
export function parseObservations(text: string): Reading[] {
  const observations: Observation[] = JSON.parse(text);
  const hourOf = hoursOnce(hourOfIso);
  return observations.map(({ station_id, target_time, value_kw }) => ({
    station_id,
    target_h: hourOf(target_time),
    value_kw: value_kw ?? Number.NaN,
  }));
}
