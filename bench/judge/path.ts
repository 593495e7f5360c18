import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { usableScale } from '../../core/judge/paired-days.ts';

/** Whole days of one simulated release: every test takes what it needs from the start of the same path. */
export const PATH_DAYS = 150;
/** The guard's variance and scales come from these first days, and it is live in those that follow: 14 of shadow and 5 of ramp. */
export const HISTORY_DAYS = 28;
export const LIVE_DAYS = 19;
/** A path has hours for the longest release whose power is told. */
export const MOST_LIVE_DAYS = 28;
/** Only the guard looks at hours. */
export const PATH_HOURS = 24 * (HISTORY_DAYS + MOST_LIVE_DAYS);
/** Lengths of backtest, second looks among them. */
export const BACKTEST_DAYS = [90, 104, 120, 134, 150] as const;
export type BacktestDays = (typeof BACKTEST_DAYS)[number];

export type Sides = { candidate: Float64Array; stable: Float64Array };

/** Writes the losses of one station: each of PATH_HOURS, and the mean of each of PATH_DAYS. */
export type StationLosses = (station: number, hours: Sides, days: Sides) => void;

/** A world in which candidate and stable are equally good: draws one path after another. */
export type World = { stations: number; path: (random: RandomGenerator) => StationLosses };

/** A path as the judge sees it: means over stations of L/m_s, with m_s from the days before each judgement. */
export type Path = {
  /** Hourly over HISTORY_DAYS and then LIVE_DAYS. */
  history: Sides;
  live: Sides;
  /** a_d and b_d. */
  backtests: Record<BacktestDays, Sides>;
};

export const sides = (length: number): Sides => ({
  candidate: new Float64Array(length),
  stable: new Float64Array(length),
});

export function drawPath(world: World, random: RandomGenerator): Path {
  const losses = world.path(random);
  const hourly = sides(PATH_HOURS);
  const backtests = { 90: sides(90), 104: sides(104), 120: sides(120), 134: sides(134), 150: sides(150) };
  const [hours, days] = [sides(PATH_HOURS), sides(PATH_DAYS)];
  for (let s = 0; s < world.stations; s++) {
    losses(s, hours, days);
    addScaled(hourly, hours, meanOf(days.stable, HISTORY_DAYS) * world.stations);
    for (const n of BACKTEST_DAYS) addScaled(backtests[n], days, meanOf(days.stable, n) * world.stations);
  }
  const history_hours = 24 * HISTORY_DAYS;
  const live_end = history_hours + 24 * LIVE_DAYS;
  return { history: cut(hourly, 0, history_hours), live: cut(hourly, history_hours, live_end), backtests };
}

/** Adds the first entries of `losses`, divided by `scale`, to `total`. */
export function addScaled(total: Sides, losses: Sides, scale: number): void {
  if (Number.isNaN(usableScale(scale))) throw new RangeError('a station whose stable is never wrong has no scale');
  const factor = 1 / scale;
  for (const side of ['candidate', 'stable'] as const) {
    const [to, from] = [total[side], losses[side]];
    for (let i = 0; i < to.length; i++) to[i] = (to[i] ?? 0) + factor * (from[i] ?? 0);
  }
}

/** Means of whole days. */
export function dayMeans(hours: Float64Array, days: Float64Array): void {
  for (let d = 0; d < days.length; d++) {
    let sum = 0;
    for (let h = 24 * d; h < 24 * d + 24; h++) sum += hours[h] ?? 0;
    days[d] = sum / 24;
  }
}

export function meanOf(x: Float64Array, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += x[i] ?? 0;
  return sum / length;
}

function cut(both: Sides, from: number, to: number): Sides {
  return { candidate: both.candidate.subarray(from, to), stable: both.stable.subarray(from, to) };
}

/** The same path with a candidate whose every loss is 1 + `change` times as large. */
export function changed({ candidate, stable }: Sides, change: number): Sides {
  return { candidate: candidate.map((loss) => (1 + change) * loss), stable };
}
