import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';

/** Kayenta's NetflixACAJudge: MannWhitneyClassifier(tolerance 0.25, confLevel 0.98), direction `increase`, outliers kept. */
const LEVEL = 0.98;
const TOLERANCE = 0.25;
const Z = normalQuantile((1 + LEVEL) / 2, 0, 1);
/** Halvings of the range of differences: to a millionth of a millionth of it. */
const HALVINGS = 40;

/**
 * Whether Kayenta classifies the canary's metric as High: the lower limit of the interval for the shift (R's wilcox.test, normal
 * approximation with continuity correction) lies above a quarter of the Hodges-Lehmann estimate.
 */
export function isHigh(canary: Float64Array, baseline: Float64Array): boolean {
  const [x, y] = [canary.toSorted(), baseline.toSorted()];
  const all = x.length * y.length;
  const deviation = Math.sqrt((all * (x.length + y.length + 1)) / 12);
  const rank = Math.max(all / 2 - 0.5 - Z * deviation, 0);
  if (pairsUpTo(x, y, 0) > rank) return false;
  return difference(x, y, rank) > TOLERANCE * Math.abs(difference(x, y, all / 2));
}

/** Of all x - y, the smallest that more than `rank` of them do not exceed. */
function difference(x: Float64Array, y: Float64Array, rank: number): number {
  let [low, high] = [(x[0] ?? 0) - (y.at(-1) ?? 0), (x.at(-1) ?? 0) - (y[0] ?? 0)];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (pairsUpTo(x, y, middle) > rank) high = middle;
    else low = middle;
  }
  return high;
}

/** How many pairs of the sorted samples have x - y <= limit. */
function pairsUpTo(x: Float64Array, y: Float64Array, limit: number): number {
  let [pairs, j] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    while (j < y.length && (x[i] ?? 0) - (y[j] ?? 0) > limit) j++;
    pairs += y.length - j;
  }
  return pairs;
}
