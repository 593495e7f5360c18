import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { usableScale } from '../../core/judge/paired-days.ts';

/** Whole days of one simulated release: every test takes what it needs from the start of the same path. */
export const PATH_DAYS = 150;
export const PATH_HOURS = 24 * PATH_DAYS;
/** The guard's variance and scales come from these first days, and it is live in those that follow: 14 of shadow and 5 of ramp. */
export const HISTORY_DAYS = 28;
export const LIVE_DAYS = 19;
/** Lengths of backtest, second looks among them. */
export const BACKTEST_DAYS = [90, 104, 120, 134, 150] as const;
export type BacktestDays = (typeof BACKTEST_DAYS)[number];

/** Writes the hourly losses of one station over the path. */
export type StationLosses = (station: number, candidate: Float64Array, stable: Float64Array) => void;

/** A world in which candidate and stable are equally good: draws one path after another. */
export type World = { stations: number; path: (random: RandomGenerator) => StationLosses };

export type Sides = { candidate: Float64Array; stable: Float64Array };

/** A path as the judge sees it: means over stations of L/m_s, with m_s from the days before each judgement. */
export type Path = {
  /** Hourly over HISTORY_DAYS and then LIVE_DAYS. */
  history: Sides;
  live: Sides;
  /** a_d and b_d. */
  backtests: Record<BacktestDays, Sides>;
};

const sides = (length: number): Sides => ({ candidate: new Float64Array(length), stable: new Float64Array(length) });
const GUARD_HOURS = 24 * (HISTORY_DAYS + LIVE_DAYS);

/** Draws a path; what it allocates is small beside what it reads. */
export function drawPath(world: World, random: RandomGenerator): Path {
  const losses = world.path(random);
  const hourly = sides(GUARD_HOURS);
  const backtests = { 90: sides(90), 104: sides(104), 120: sides(120), 134: sides(134), 150: sides(150) };
  const [candidate, stable, day] = [new Float64Array(PATH_HOURS), new Float64Array(PATH_HOURS), sides(PATH_DAYS)];
  for (let s = 0; s < world.stations; s++) {
    losses(s, candidate, stable);
    addScaled(hourly, { candidate, stable }, meanOf(stable, 24 * HISTORY_DAYS) * world.stations);
    dayMeans(candidate, day.candidate);
    dayMeans(stable, day.stable);
    for (const days of BACKTEST_DAYS) addScaled(backtests[days], day, meanOf(day.stable, days) * world.stations);
  }
  return { history: cut(hourly, 0, 24 * HISTORY_DAYS), live: cut(hourly, 24 * HISTORY_DAYS, GUARD_HOURS), backtests };
}

/** Adds the first entries of `losses`, divided by `scale`, to `total`. */
function addScaled(total: Sides, losses: Sides, scale: number): void {
  if (Number.isNaN(usableScale(scale))) throw new RangeError('a station whose stable is never wrong has no scale');
  const factor = 1 / scale;
  for (const side of ['candidate', 'stable'] as const) {
    const [to, from] = [total[side], losses[side]];
    for (let i = 0; i < to.length; i++) to[i] = (to[i] ?? 0) + factor * (from[i] ?? 0);
  }
}

function dayMeans(hours: Float64Array, days: Float64Array): void {
  for (let d = 0; d < days.length; d++) {
    let sum = 0;
    for (let h = 24 * d; h < 24 * d + 24; h++) sum += hours[h] ?? 0;
    days[d] = sum / 24;
  }
}

function meanOf(x: Float64Array, length: number): number {
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
