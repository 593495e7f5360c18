import { LATENCY_BOUNDS_MS } from '../metrics.ts';
import { servedAlone, type Window } from './days.ts';
import { dayMean, difference, type Interval } from './estimate.ts';

export type LatencyReport = {
  /** Quantiles of all answers of a window, in ms. */
  before: Quantiles | null;
  after: Quantiles | null;
  /** Mean of the days' p99 after, less before, in ms. */
  p99_change_ms: Interval | null;
  days: { before: number; after: number };
};

export type Quantiles = { p50_ms: number; p90_ms: number; p99_ms: number; answers: number };

export function latencyReport(before: Window, after: Window): LatencyReport {
  const [b, a] = [dailyCounts(before), dailyCounts(after)];
  const [mean_b, mean_a] = [dayMean(b.map(({ counts }) => p99(counts))), dayMean(a.map(({ counts }) => p99(counts)))];
  return {
    before: quantiles(b.map(({ counts }) => counts)),
    after: quantiles(a.map(({ counts }) => counts)),
    p99_change_ms: mean_b === null || mean_a === null ? null : difference(mean_a, mean_b),
    days: { before: b.length, after: a.length },
  };
}

/** The answers of each day on which one release alone served. */
export function dailyCounts({ days }: Window): { day: string; counts: number[] }[] {
  return days.flatMap((day) => {
    const recorded = servedAlone(day).flatMap(({ latency_counts }) =>
      latency_counts === null ? [] : [latency_counts],
    );
    const counts = summed(recorded);
    return total(counts) === 0 ? [] : [{ day: day.day, counts }];
  });
}

export function p99(counts: readonly number[]): number {
  return quantile(counts, 0.99);
}

/** Linear within its bucket, as Prometheus's histogram_quantile; above the last bound it is that bound. */
export function quantile(counts: readonly number[], share: number): number {
  const rank = share * total(counts);
  let below = 0;
  for (const [i, bound_ms] of LATENCY_BOUNDS_MS.entries()) {
    const count = counts[i] ?? 0;
    if (below + count >= rank && count > 0) {
      const from_ms = LATENCY_BOUNDS_MS[i - 1] ?? 0;
      return from_ms + (bound_ms - from_ms) * ((rank - below) / count);
    }
    below += count;
  }
  return LATENCY_BOUNDS_MS.at(-1) ?? 0;
}

function quantiles(days: readonly number[][]): Quantiles | null {
  const counts = summed(days);
  const answers = total(counts);
  if (answers === 0) return null;
  return { p50_ms: quantile(counts, 0.5), p90_ms: quantile(counts, 0.9), p99_ms: p99(counts), answers };
}

function summed(rows: readonly number[][]): number[] {
  return Array.from({ length: LATENCY_BOUNDS_MS.length + 1 }, (_, i) =>
    rows.reduce((sum, row) => sum + (row[i] ?? 0), 0),
  );
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
