import { tQuantile } from '../distributions.ts';
import { dayVariance } from '../judge/backtest.ts';
import { cosines, mean } from '../judge/series.ts';

/** Two-sided level of every interval. */
export const LEVEL = 0.95;
/** Fewer days than this give no interval: two cosines say too little of a variance. */
export const LEAST_DAYS = 14;

/** A value per day of one window: its mean, the variance of that mean, and the degrees of freedom that variance is known with. */
export type DayMean = { mean: number; variance: number; freedom: number; days: number };

/** A mean or a difference with its interval at LEVEL; null bounds: too few days. */
export type Interval = { value: number; low: number | null; high: number | null };

/**
 * Mean of daily values. Days are not independent (weather lasts), so the variance is the backtest's long-run one: the larger of
 * equal-weighted cosines and Bartlett over 7 days.
 */
export function dayMean(values: readonly number[]): DayMean | null {
  const days = values.length;
  if (days === 0) return null;
  const x = Float64Array.from(values);
  if (days < LEAST_DAYS) return { mean: mean(x), variance: Number.NaN, freedom: 0, days };
  return { mean: mean(x), variance: dayVariance(x) / days, freedom: cosines(days), days };
}

export function intervalOf(of: DayMean): Interval {
  return around(of.mean, of.variance, of.freedom);
}

/** after - before of independent windows, with the smaller degrees of freedom of the two: a little too wide and never too narrow. */
export function difference(after: DayMean, before: DayMean): Interval {
  const freedom = Math.min(after.freedom, before.freedom);
  return around(after.mean - before.mean, after.variance + before.variance, freedom);
}

function around(value: number, variance: number, freedom: number): Interval {
  if (freedom < 1 || Number.isNaN(variance)) return { value, low: null, high: null };
  const margin = tQuantile(1 - (1 - LEVEL) / 2, freedom) * Math.sqrt(variance);
  return { value, low: value - margin, high: value + margin };
}

/** An interval of logarithms as one of relative change: ln 0.85 is -0.15. */
export function relative({ value, low, high }: Interval): Interval {
  const change = (log: number) => Math.expm1(log);
  return { value: change(value), low: low === null ? null : change(low), high: high === null ? null : change(high) };
}

/** Whether a value is proven at most `limit`, proven above it, or neither. */
export function atMost({ low, high }: Interval, limit: number): 'yes' | 'no' | 'open' {
  if (low === null || high === null) return 'open';
  if (high <= limit) return 'yes';
  return low > limit ? 'no' : 'open';
}
