import { normalQuantile } from '../../distributions.ts';
import { boundary, MIN_GROUP_STATIONS, welchFreedom } from './compare.ts';

/** A change is called found at one-sided 1 %, and a promise is kept when it is found with probability 95 %. */
const LEVEL = 0.01;
const POWER = 0.95;

export type Promised = {
  /** Standard deviation of one station's ratio since/before. */
  sigma_u: number;
  /** The change to be found, a share: 0.05. */
  change: number;
  /** f: share of all stations that the canary has. */
  share: number;
};

/**
 * Stations that the canary needs for a change to be found in a single look at the end: n >= 15.8 sigma_u^2 / (change^2 (1 - f)), where
 * 15.8 = (z_.99 + z_.95)^2 and sigma_u^2/(n (1 - f)) is the variance of a difference of means of which the canary has the share f.
 * With f = 10 %, the first ramp: 71 stations for 5 % at sigma_u = .10, 158 at .15. Null where one of the two groups is empty: no number helps then.
 */
export function stationsNeeded({ sigma_u, change, share }: Promised): number | null {
  if (share <= 0 || share >= 1) return null;
  const n = ((quantiles() * sigma_u) / change) ** 2 / (1 - share);
  // 157.999… is 158 and not 159.
  return Math.ceil(n - 1e-9);
}

/**
 * The smallest change that a comparison looked at all the time finds with probability 95 %, or null where the groups cannot be
 * compared at all. It is larger than what `stationsNeeded` promises for one look at the end.
 */
export function detectable(groups: { stations: number; canary_stations: number; sigma_u: number }): number | null {
  const { stations, canary_stations, sigma_u } = groups;
  const control_stations = stations - canary_stations;
  if (Math.min(canary_stations, control_stations) < MIN_GROUP_STATIONS) return null;
  const counts = { canary: canary_stations, control: control_stations };
  const error_sq = { canary: sigma_u ** 2 / canary_stations, control: sigma_u ** 2 / control_stations };
  const v = error_sq.canary + error_sq.control;
  const margin = boundary(v, welchFreedom(error_sq, counts));
  return margin === null ? null : margin + normalQuantile(POWER, 0, 1) * Math.sqrt(v);
}

function quantiles(): number {
  return normalQuantile(1 - LEVEL, 0, 1) + normalQuantile(POWER, 0, 1);
}
