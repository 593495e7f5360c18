/** The largest distance between the empirical distributions of two samples; NaN-free, neither empty. */
export function ksDistance(a: Float64Array, b: Float64Array): number {
  const [x, y] = [a.toSorted(), b.toSorted()];
  let [i, j, distance] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const at = Math.min(x[i] ?? 0, y[j] ?? 0);
    while (i < x.length && x[i] === at) i++;
    while (j < y.length && y[j] === at) j++;
    distance = Math.max(distance, Math.abs(i / x.length - j / y.length));
  }
  return distance;
}

/** Below it the chance differs from 1 by less than 1e-12, and the series would need ever more terms. */
const SURELY_CHANCE = 0.2;
const TERMS = 100;

/**
 * The chance of at least this distance between samples of n and m independent values of one distribution, by Kolmogorov's limit
 * Q(l) = 2 sum of (-1)^(k-1) exp(-2 k^2 l^2), l = distance sqrt(nm / (n + m)) (Smirnov 1948).
 */
export function ksPValue(distance: number, n: number, m: number): number {
  const l = distance * Math.sqrt((n * m) / (n + m));
  if (l < SURELY_CHANCE) return 1;
  let sum = 0;
  for (let k = 1; k <= TERMS; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * l * l);
  return Math.min(sum, 1);
}
