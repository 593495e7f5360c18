import { normalOf, randomOf } from '../random.ts';
import { stationaryBootstrap } from './bootstrap.ts';
import { cosines, equalWeightedCosines, longRunVariance, mean, median, quantile } from './series.ts';

/** What the backtest says of the daily loss ratio, and how far its mean may drift in 14 days. */
export type DriftConstants = {
  /** Centre and 1.4826 times the median absolute deviation of ln(a/b) over the backtest's days. */
  median: number;
  scale: number;
  /** Mean of the clipped values, and V_q, their long-run variance. */
  mean: number;
  variance: number;
  /** N. */
  days: number;
  /** Q: the 99.5 % quantile of the largest T_n within 14 days of paths of the backtest itself. */
  quantile: number;
};

const DRIFT = {
  clip: 2,
  /** A ratio that never moves has no deviation; so much is nothing for anyone. */
  least_scale: 1e-3,
  least_variance: 1e-2,
  bartlett_days: 7,
  paths: 500,
  path_days: 14,
  block_days: 5,
  level: 0.995,
} as const;

/** Constants from ln(a/b) of each whole day of the backtest, in order; `seed`: any text, the release's digest. */
export function driftConstants(log_ratios: Float64Array, seed: string): DriftConstants {
  const centre = median(log_ratios);
  const deviations = log_ratios.map((x) => Math.abs(x - centre));
  const scale = Math.max(1.4826 * median(deviations), DRIFT.least_scale);
  const clipped = log_ratios.map((x) => clip((x - centre) / scale));
  const average = mean(clipped);
  const N = clipped.length;
  const long_run = Math.max(equalWeightedCosines(clipped, cosines(N)), longRunVariance(clipped, DRIFT.bartlett_days));
  const constants = {
    median: centre,
    scale,
    mean: average,
    variance: Math.max(long_run, DRIFT.least_variance),
    days: N,
  };
  const q = clipped.map((x) => x - average);
  return { ...constants, quantile: largestOfPaths(q, constants, randomOf(seedNumber(seed))) };
}

/** q of one live day: clip((ln(a/b) - median)/scale, ±2) less its backtest mean. */
export function driftOfDay(log_ratio: number, { median: centre, scale, mean: average }: DriftConstants): number {
  return clip((log_ratio - centre) / scale) - average;
}

/** T_n of `days` live days whose q sum to `sum`: the difference of two means over its standard error. */
export function driftStatistic(
  sum: number,
  days: number,
  constants: Pick<DriftConstants, 'variance' | 'days'>,
): number {
  return sum / days / Math.sqrt(constants.variance * (1 / days + 1 / constants.days));
}

/**
 * The quantile of max T_n over stationary-bootstrap paths of the backtest's days. Each path is shifted by N(0, V/N): the
 * backtest's own mean is not known any better.
 */
function largestOfPaths(
  q: Float64Array,
  constants: Pick<DriftConstants, 'variance' | 'days'>,
  random: () => number,
): number {
  const spread = Math.sqrt(constants.variance / constants.days);
  const largest = Float64Array.from({ length: DRIFT.paths }, () => {
    const shift = spread * normalOf(random);
    let [sum, most] = [0, Number.NEGATIVE_INFINITY];
    for (const [i, day] of stationaryBootstrap(q.length, DRIFT.path_days, DRIFT.block_days, random).entries()) {
      sum += (q[day] ?? 0) + shift;
      most = Math.max(most, driftStatistic(sum, i + 1, constants));
    }
    return most;
  });
  return quantile(largest, DRIFT.level);
}

function clip(x: number): number {
  return Math.min(Math.max(x, -DRIFT.clip), DRIFT.clip);
}

/** FNV-1a: the same text gives the same paths on every machine. */
function seedNumber(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
