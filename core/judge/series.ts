/** Sample moments of a series in time order; NaN-free input is the caller's duty. */

export function mean(x: Float64Array): number {
  let sum = 0;
  for (const value of x) sum += value;
  return sum / x.length;
}

/** Sample variance, divisor n - 1. */
export function variance(x: Float64Array): number {
  const centre = mean(x);
  let sum = 0;
  for (const value of x) sum += (value - centre) ** 2;
  return sum / (x.length - 1);
}

/** Bartlett long-run variance: weights 1 - k/(lags + 1), autocovariances with divisor n, so that it is never negative. */
export function longRunVariance(x: Float64Array, lags: number): number {
  const centre = mean(x);
  const centred = x.map((value) => value - centre);
  let total = autocovariance(centred, 0);
  for (let k = 1; k <= Math.min(lags, x.length - 1); k++)
    total += 2 * (1 - k / (lags + 1)) * autocovariance(centred, k);
  return total;
}

/** Degrees of freedom of the equal-weighted cosine estimate over n values (Lazarus, Lewis, Stock & Watson 2018). */
export function cosines(n: number): number {
  return Math.round(0.4 * n ** (2 / 3));
}

/** Long-run variance as the mean square of the first `nu` cosine coefficients. */
export function equalWeightedCosines(x: Float64Array, nu: number): number {
  const n = x.length;
  let total = 0;
  for (let j = 1; j <= nu; j++) {
    let w = 0;
    for (let i = 0; i < n; i++) w += (x[i] ?? 0) * Math.cos((Math.PI * j * (i + 0.5)) / n);
    total += (2 / n) * w * w;
  }
  return total / nu;
}

export function median(x: Float64Array): number {
  return quantile(x, 0.5);
}

/** The value below which a share `p` of the sample lies, linear between neighbours (type 7 of Hyndman & Fan). */
export function quantile(x: Float64Array, p: number): number {
  return quantileOfSorted(x.toSorted(), p);
}

/** As `quantile`, of values in ascending order: for whoever asks for several. */
export function quantileOfSorted(sorted: Float64Array, p: number): number {
  const at = p * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  return low + (at - Math.floor(at)) * ((sorted[Math.ceil(at)] ?? Number.NaN) - low);
}

function autocovariance(centred: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = lag; i < centred.length; i++) sum += (centred[i] ?? 0) * (centred[i - lag] ?? 0);
  return sum / centred.length;
}
