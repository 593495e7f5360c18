/** Stations that a weight exposes on average. Envoy's hash decides which ones, so the real number scatters around it. */
export function stationsExposed(stations: number, weight_percent: number): number {
  return Math.round((stations * weight_percent) / 100);
}
