import type { ThetaName } from './guard.ts';
import { MIN_STATION_SHARE } from './paired-days.ts';
import { thetaNames, thetaValue } from './theta.ts';

/** Means over stations of L/m_s in one target hour. */
export type HourMeans = { candidate: number; stable: number };

/** Sums of D(theta) and of its square over the judged hours. */
export type ThetaSums = Record<ThetaName, { sum: number; sumsq: number }>;

/**
 * Means of one hour. `errors` holds `fields` numbers per station: first the candidate's loss in kW, then the stable's, both NaN unless both
 * sides scored the station-hour. `scale_kw` is m_s (NaN: none, null: 1 for all). Null where fewer stations than MIN_STATION_SHARE of those
 * `expected` count.
 */
export function hourMeans(
  errors: Float64Array,
  fields: number,
  scale_kw: Float64Array | null,
  expected = errors.length / fields,
): HourMeans | null {
  const stations = errors.length / fields;
  let [n, candidate, stable] = [0, 0, 0];
  for (let s = 0; s < stations; s++) {
    const scale = scale_kw === null ? 1 : (scale_kw[s] ?? Number.NaN);
    const absolute = errors[s * fields] ?? Number.NaN;
    if (Number.isNaN(absolute) || Number.isNaN(scale)) continue;
    n++;
    candidate += absolute / scale;
    stable += (errors[s * fields + 1] ?? 0) / scale;
  }
  if (n === 0 || n < MIN_STATION_SHARE * expected) return null;
  return { candidate: candidate / n, stable: stable / n };
}

/** Adds D(theta) = candidate - (1 + theta) * stable of one hour. */
export function addDifference(sums: ThetaSums, { candidate, stable }: HourMeans): void {
  for (const name of thetaNames) {
    const total = sums[name];
    const d = candidate - (1 + thetaValue(name)) * stable;
    total.sum += d;
    total.sumsq += d * d;
  }
}
