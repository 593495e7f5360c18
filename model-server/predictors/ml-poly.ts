/**
 * Weights of experts by polynomial potential, ML-Poly of Gaillard, Stoltz & van Erven (2014): in proportion to η_k · max(R_k, 0), where R_k is
 * what would have been gained by following expert k instead of the mixture so far and η_k = 1 / (1 + Σ r_k²). An expert that did no better than
 * the mixture has no weight. Nothing is tuned: after T rounds the mixture has lost at most of order √(T·K·ln T) more than the best expert,
 * whatever the losses. Before anything is known, all weigh alike.
 */
export function mlPolyWeights(regret: ArrayLike<number>, squares: ArrayLike<number>): Float64Array {
  const weights = new Float64Array(regret.length);
  let sum = 0;
  for (let k = 0; k < weights.length; k++) {
    const weight = Math.max(regret[k] ?? 0, 0) / (1 + (squares[k] ?? 0));
    weights[k] = weight;
    sum += weight;
  }
  return sum > 0 ? weights.map((weight) => weight / sum) : weights.fill(1 / weights.length);
}

/** One round: `gained[k]` is the mixture's loss less that of expert k. `share` < 1 forgets: what was counts that much of it. */
export function addRound(regret: Float64Array, squares: Float64Array, gained: ArrayLike<number>, share: number): void {
  for (let k = 0; k < regret.length; k++) {
    const gain = gained[k] ?? 0;
    regret[k] = share * (regret[k] ?? 0) + gain;
    squares[k] = share * (squares[k] ?? 0) + gain * gain;
  }
}
