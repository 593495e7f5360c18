import { HOUR_MS } from '../telemetry.ts';
import type { DayFact, ErrorSums } from './day-fact.ts';

export const DAY_MS = 24 * HOUR_MS;

/** First and last day of a window, inclusive. */
export type Range = { from: string; to: string };

/** Days of which facts are asked for at once: a month of ten releases and 1,000 stations is 15 MB. */
export const DAYS_AT_ONCE = 31;

/** Days from the first to the last, both included; NaN where one is no day. */
export function lengthDays({ from, to }: Range): number {
  return (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
}

/** The same days as ranges of at most DAYS_AT_ONCE. */
export function pieces(range: Range): Range[] {
  const days = daysBetween(range);
  const ranges: Range[] = [];
  for (let i = 0; i < days.length; i += DAYS_AT_ONCE)
    ranges.push({ from: days[i] ?? range.from, to: days[i + DAYS_AT_ONCE - 1] ?? range.to });
  return ranges;
}

/** The facts of one UTC day. */
export type Day = {
  day: string;
  serving: DayFact[];
  beside: DayFact[];
  control: DayFact | null;
};

/** All days of a window, with or without facts, in order. */
export type Window = Range & { length_days: number; days: Day[]; releases: string[] };

export function daysBetween({ from, to }: Range): string[] {
  const days: string[] = [];
  for (let ms = Date.parse(from); ms <= Date.parse(to); ms += DAY_MS)
    days.push(new Date(ms).toISOString().slice(0, 10));
  return days;
}

export function windowOf(facts: readonly DayFact[], range: Range): Window {
  const names = daysBetween(range);
  const byDay = new Map(names.map((day): [string, Day] => [day, { day, serving: [], beside: [], control: null }]));
  for (const fact of facts) {
    const day = byDay.get(fact.day);
    if (day === undefined) continue;
    if (fact.role === 'control') day.control = fact;
    else day[fact.role].push(fact);
  }
  const days = [...byDay.values()];
  const releases = [...new Set(days.flatMap(({ serving }) => serving.map(({ release }) => release)))];
  return { ...range, length_days: names.length, days, releases };
}

/** The serving facts of a day on which one release alone served; on others two releases' effects overlap. */
export function servedAlone({ serving }: Day): DayFact[] {
  return new Set(serving.map(({ release }) => release)).size === 1 ? serving : [];
}

/** Drifts that began in the serving releases' errors and in the inputs; null where nothing was watched. */
export function driftEvents(days: readonly Day[]): number | null {
  const recorded = days.flatMap(({ serving, control }) =>
    [...serving, ...(control === null ? [] : [control])].flatMap(({ drift_events }) => drift_events ?? []),
  );
  return recorded.length === 0 ? null : recorded.reduce((sum, events) => sum + events, 0);
}

/** Sums per station over several facts (the arms of one release). */
export function stationSums(facts: readonly DayFact[]): Map<string, ErrorSums> {
  const sums = new Map<string, ErrorSums>();
  for (const { accuracy } of facts)
    for (const [station, [hours, abs_kw, sq_kw2]] of Object.entries(accuracy?.stations ?? {})) {
      const known = sums.get(station) ?? [0, 0, 0];
      sums.set(station, [known[0] + hours, known[1] + abs_kw, known[2] + sq_kw2]);
    }
  return sums;
}
