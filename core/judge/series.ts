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

function autocovariance(centred: Float64Array, lag: number): number {
  let sum = 0;
  for (let i = lag; i < centred.length; i++) sum += (centred[i] ?? 0) * (centred[i - lag] ?? 0);
  return sum / centred.length;
}
