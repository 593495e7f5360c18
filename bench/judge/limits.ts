import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';

/** Clopper and Pearson's exact upper 95 % limit of a rate (one-sided): 3 in 1,000 for none of 1,000 runs. */
export function upperLimit(count: number, runs: number): number {
  return count >= runs ? 1 : betaQuantile(0.95, count + 1, runs - count);
}
