import { quantileOfSorted } from '../series.ts';

/** Bins of equal share of the reference: the deciles that scorecards are watched with. */
const BINS = 10;

/**
 * Population stability index: sum over bins of (now - before) ln(now / before), the shares of both samples in the deciles of `before`; 0 where both
 * are alike. A bin empty on one side counts as half a value, as ln 0 would be infinite (Siddiqi 2006; Yurdakul 2018 on its distribution).
 */
export function populationStabilityIndex(now: Float64Array, before: Float64Array): number {
  const edges = inner(before.toSorted());
  const counts = { now: binned(now, edges), before: binned(before, edges) };
  return counts.now.reduce((sum, n, bin) => {
    const m = counts.before[bin] ?? 0;
    if (n === 0 && m === 0) return sum;
    const [p, q] = [Math.max(n, 0.5) / now.length, Math.max(m, 0.5) / before.length];
    return sum + (p - q) * Math.log(p / q);
  }, 0);
}

/** The nine inner edges. */
function inner(sorted: Float64Array): Float64Array {
  return Float64Array.from({ length: BINS - 1 }, (_, i) => quantileOfSorted(sorted, (i + 1) / BINS));
}

function binned(sample: Float64Array, edges: Float64Array): Float64Array {
  const counts = new Float64Array(BINS);
  for (const value of sample) {
    const above = edges.findIndex((edge) => value <= edge);
    const bin = above === -1 ? BINS - 1 : above;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
