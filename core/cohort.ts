/** How many stations go to the candidate, respectively to the stable version, whatever the weight. */
export type Apart = { pinned: number; kept_out: number };

/**
 * Stations that the candidate answers at a weight, on average: the pinned ones from the first ramp on, and the weight's share of those that
 * are neither pinned nor kept out. Envoy's hash decides which ones, so the real number scatters around it.
 */
export function stationsExposed(stations: number, weight_percent: number, { pinned, kept_out }: Apart): number {
  if (weight_percent === 0) return 0;
  const with_shares = Math.max(stations - pinned - kept_out, 0);
  return Math.min(pinned, stations) + Math.round((with_shares * weight_percent) / 100);
}
