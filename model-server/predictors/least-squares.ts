/** Sums that least squares need: the lower triangle of Σ w·x·xᵀ, row by row, and Σ w·x·y. */
export type NormalEquations = { gram: Float64Array; product: Float64Array };

export function triangle(features: number): number {
  return (features * (features + 1)) / 2;
}

export function noEquations(features: number): NormalEquations {
  return { gram: new Float64Array(triangle(features)), product: new Float64Array(features) };
}

/** One observation: target `y` at features `x`, counted `weight` times. */
export function observe({ gram, product }: NormalEquations, x: Float64Array, y: number, weight: number): void {
  let at = 0;
  for (let i = 0; i < product.length; i++) {
    const weighted = weight * (x[i] ?? 0);
    for (let j = 0; j <= i; j++, at++) gram[at] = (gram[at] ?? 0) + weighted * (x[j] ?? 0);
    product[i] = (product[i] ?? 0) + weighted * y;
  }
}

/** All that was observed counts `share` of what it did. */
export function forget({ gram, product }: NormalEquations, share: number): void {
  for (let i = 0; i < gram.length; i++) gram[i] = share * (gram[i] ?? 0);
  for (let i = 0; i < product.length; i++) product[i] = share * (product[i] ?? 0);
}

/**
 * The weights θ that minimise Σ w·(y - θᵀx)² + penalty·|θ|², written to `out`: (gram + penalty·I)·θ = product by Cholesky's decomposition.
 * Together with `forget` and `observe` this is recursive least squares in its information form: the same weights as the recursion on the
 * inverse (Plackett 1950) gives, but the penalty is never forgotten, so that the matrix cannot become singular.
 */
export function solveRidge({ gram, product }: NormalEquations, penalty: number, out: Float64Array): void {
  const n = product.length;
  const root = gram.slice();
  for (let i = 0; i < n; i++) {
    const row = triangle(i);
    for (let j = 0; j <= i; j++) {
      const other = triangle(j);
      let sum = (root[row + j] ?? 0) + (i === j ? penalty : 0);
      for (let k = 0; k < j; k++) sum -= (root[row + k] ?? 0) * (root[other + k] ?? 0);
      root[row + j] = i === j ? Math.sqrt(sum) : sum / (root[other + j] ?? 0);
    }
  }
  for (let i = 0; i < n; i++) {
    let sum = product[i] ?? 0;
    for (let k = 0; k < i; k++) sum -= (root[triangle(i) + k] ?? 0) * (out[k] ?? 0);
    out[i] = sum / (root[triangle(i) + i] ?? 0);
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = out[i] ?? 0;
    for (let k = i + 1; k < n; k++) sum -= (root[triangle(k) + i] ?? 0) * (out[k] ?? 0);
    out[i] = sum / (root[triangle(i) + i] ?? 0);
  }
}
