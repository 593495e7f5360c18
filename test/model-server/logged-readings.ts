import { join } from 'node:path';
import { expect } from 'vitest';
import { randomOf } from '../../core/random.ts';
import { isoOfHour, type LogEntryInput } from '../../core/telemetry.ts';
import { ScorerProcess } from '../../scorer/scorer-process.ts';

/** Ten weeks and a day: hardly more than a training needs. */
export const HOURS = 1704;
export const START_H = 492_000;
const ENTRIES_AT_ONCE = 142;

export type Readings = (station: number, hour: number) => number;

/** Each week is as the last but for a ripple, and no day as the one before. */
export const weekly: Readings = (station, hour) =>
  station * (20 + 3 * (Math.floor(hour / 24) % 7) + 4 * Math.sin(hour / 4) + Math.sin(hour * hour));

/** The hours that are compared by are those of `weekly`; those that are trained on are noise. */
export function noise(): Readings {
  const random = randomOf(7);
  return (station, hour) => (hour < START_H + 0.6 * HOURS ? 100 * random() : weekly(station, hour));
}

/** A scorer whose log holds these readings of three stations, an hour an entry. Nobody forecasts: what it would judge is not there. */
export async function scorerWith(folder: string, name: string, readings: Readings, hours = HOURS) {
  const services = 'http://127.0.0.1:1';
  const scorer = new ScorerProcess({ services, data: join(folder, name), registry: folder, log_hours: HOURS });
  await scorer.start();
  const entries = Array.from({ length: hours }, (_, i): LogEntryInput => {
    const target_time = isoOfHour(START_H + i);
    const observations = [1, 2, 3].map((s) => ({
      station_id: `s${s}`,
      target_time,
      value_kw: readings(s, START_H + i),
    }));
    return { available_at: target_time, observations };
  });
  for (let i = 0; i < hours; i += ENTRIES_AT_ONCE)
    expect(await scorer.post('/v1/observations', { entries: entries.slice(i, i + ENTRIES_AT_ONCE) })).toMatchObject({
      status: 200,
    });
  return scorer;
}
