import { type ImplausibleReason, SCREEN } from '../../core/judge/plausible.ts';
import { judgedTruth, SCREEN_HOURS } from '../../core/judge/screen.ts';
import { defaultJudge } from '../../core/judge/settings.ts';
import { randomOf } from '../../core/random.ts';
import type { Telemetry } from '../../core/telemetry.ts';

/** A reading that the set's makers screened out: what the station really said. */
export type RawReading = { station: number; hour: number; category: string; raw_kw: number };

/** Readings of one kind, and those of them that the screen quarantines, by its reason. */
export type Row = { kind: string; readings: number; found: number; by: Partial<Record<ImplausibleReason, number>> };

/** Readings as they came, over the whole set: by the makers' category, by what is odd about them, and the good ones. */
export function overlaid(set: Telemetry, raw: readonly RawReading[]): { categories: Row[]; kinds: Row[]; good: Row } {
  const said: Telemetry = { ...set, values_kw: set.values_kw.map((values) => values.slice()) };
  const category = new Map<string, string>();
  for (const { station, hour, raw_kw, ...flag } of raw) {
    const values = said.values_kw[station];
    if (values === undefined) continue;
    values[hour - set.start_h] = raw_kw;
    category.set(`${station} ${hour}`, flag.category);
  }
  const [categories, kinds] = [new Map<string, Row>(), new Map<string, Row>()];
  const good = rowOf('readings that the makers kept');
  judge(said, (station, hour, reason) => {
    const of = category.get(`${station} ${hour}`);
    if (of === undefined) return count(good, reason);
    count(row(categories, of), reason);
    count(row(kinds, kindOf(set, said, station, hour)), reason);
  });
  return { categories: byName(categories), kinds: byName(kinds), good };
}

/** What is odd about a raw reading beside the one that the makers put in its place. */
function kindOf(set: Telemetry, said: Telemetry, station: number, hour: number): string {
  const i = hour - set.start_h;
  const [raw, kept] = [said.values_kw[station]?.[i] ?? 0, set.values_kw[station]?.[i] ?? 0];
  if (raw < 0) return 'negative';
  if (raw === 0) return 'zero';
  if (Math.abs(raw) > SCREEN.spike_factor * Math.abs(kept)) return `above ${SCREEN.spike_factor} times`;
  if (runOf(said.values_kw[station], i) >= SCREEN.stuck_hours) return `one of ${SCREEN.stuck_hours} or more equal`;
  return 'of usual size';
}

function runOf(values: Float64Array | undefined, i: number): number {
  let length = 1;
  for (const step of [-1, 1]) for (let k = i + step; values?.[k] === values?.[i]; k += step) length++;
  return length;
}

type Fault = { kind: string; hours: number; reading: (kw: number, first_kw: number) => number };

/** Faults as the EIA flags have them, on readings that are good. */
const faults: Fault[] = [
  { kind: 'stuck for a day', hours: 24, reading: (_kw, first_kw) => first_kw },
  { kind: 'negative for an hour', hours: 1, reading: (kw) => -kw },
  { kind: '300-fold for an hour', hours: 1, reading: (kw) => 300 * kw },
  { kind: 'zero for an hour', hours: 1, reading: () => 0 },
];

/** One fault of each kind at every station, at an hour of its own; only where the station said something else than the fault does. */
export function injected(set: Telemetry, seed: number): Row[] {
  return faults.map(({ kind, hours, reading }) => {
    const random = randomOf(seed);
    const said: Telemetry = { ...set, values_kw: set.values_kw.map((values) => values.slice()) };
    const faulty = said.values_kw.map((values) => {
      const first = SCREEN_HOURS + Math.floor(random() * (set.hours - SCREEN_HOURS - 2 * hours));
      const good = values.slice(first, first + hours);
      const differs = good.map((kw) => reading(kw, good[0] ?? 0)).some((kw, i) => kw !== good[i]);
      good.forEach((kw, i) => {
        values[first + i] = reading(kw, good[0] ?? 0);
      });
      return differs ? { from: set.start_h + first, to: set.start_h + first + hours - 1 } : null;
    });
    const found = rowOf(kind);
    judge(said, (station, hour, reason) => {
      const at = faulty[station];
      if (at && hour >= at.from && hour <= at.to) count(found, reason);
    });
    return found;
  });
}

function judge(said: Telemetry, see: (station: number, hour: number, reason: ImplausibleReason | null) => void): void {
  const range = { from_h: said.start_h, to_h: said.start_h + said.hours - 1 };
  const { truth_delay_hours } = defaultJudge;
  const known = (station: number, hour: number) =>
    !Number.isNaN(said.values_kw[station]?.[hour - said.start_h] ?? Number.NaN);
  judgedTruth(said, range, {
    ...{ truth_delay_hours, late_hours: () => 0 },
    onReading: (station, hour, reason) => known(station, hour) && see(station, hour, reason),
  });
}

function rowOf(kind: string): Row {
  return { kind, readings: 0, found: 0, by: {} };
}

function row(rows: Map<string, Row>, kind: string): Row {
  const known = rows.get(kind) ?? rowOf(kind);
  rows.set(kind, known);
  return known;
}

function count(row: Row, reason: ImplausibleReason | null): void {
  row.readings++;
  if (reason === null) return;
  row.found++;
  row.by[reason] = (row.by[reason] ?? 0) + 1;
}

function byName(rows: Map<string, Row>): Row[] {
  return [...rows.values()].sort((a, b) => a.kind.localeCompare(b.kind, 'en'));
}
