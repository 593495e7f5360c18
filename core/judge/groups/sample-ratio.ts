import type { Apart } from '../../cohort.ts';
import { chiSquaredCdf } from '../../distributions.ts';
import type { Group } from './compare.ts';

export const SAMPLE_RATIO = {
  /** Chi-squared with one degree of freedom that chance alone exceeds once in two thousand times: beyond it somebody made the ratio. */
  chi2: 12.1157,
  /** Share of stations that may be off whatever chance says: Envoy's hash is no perfect die, and a rarely called station answers late. */
  tolerance: 0.001,
} as const;

/** Shares of stations that the canary may have: while a weight moves, anything between the old and the new one. */
export type Weights = { from: number; to: number };

/**
 * Whether the canary has the share of stations that the plan gave it: chi-squared of `canary` of `stations` (Yates' correction) against the
 * nearest share that the weights allow, 0 inside. The unit is the station: sticky routing throws the die once per station, and all hours
 * of one station are that one throw.
 */
export function weightChi2({ canary, stations }: { canary: number; stations: number }, weights: Weights): number {
  const { from, to } = bounds(weights);
  const missing = Math.max(stations * from - canary - 0.5, 0) ** 2;
  const surplus = Math.max(canary - stations * to - 0.5, 0) ** 2;
  return over(missing, stations * from * (1 - from)) + over(surplus, stations * to * (1 - to));
}

/** The allowed shares with their tolerance. A bound at 0 or 1 is none: nothing can lie beyond it. */
export function bounds({ from, to }: Weights): Weights {
  return {
    from: Math.max(from - SAMPLE_RATIO.tolerance, 0),
    to: Math.min(to + SAMPLE_RATIO.tolerance, 1),
  };
}

/** Of how many stations the canary must have fewer, or more, to alarm at a weight; null where it cannot. As the gate's PromQL has it. */
export function alarmingCounts(stations: number, weight: number, { pinned, kept_out }: Apart) {
  const { from, to } = bounds({ from: weight, to: weight });
  const chance = (share: number) => Math.sqrt(SAMPLE_RATIO.chi2 * stations * share * (1 - share)) + 0.5;
  const fewer_than = Math.ceil(Math.max(stations - kept_out, 0) * from - chance(from));
  const more_than = Math.floor(stations * to + pinned + chance(to));
  return {
    fewer_than: fewer_than > 0 ? fewer_than : null,
    more_than: more_than < stations && to < 1 ? more_than : null,
  };
}

/** One station since the stations last changed groups: hours that it was answered in, of those that have passed. */
export type StationHours = { answered: number; passed: number };

/**
 * Whether the groups lose station-hours alike: chi-squared of the difference between the shares of hours in which their stations were
 * answered. Hours of one station depend on each other (a caller that is down misses all of them), so the variance is taken over stations,
 * whole (a cluster-robust one), and never below the binomial one that independent hours would have. Null without stations on both sides.
 */
export function lossChi2(groups: Record<Group, readonly StationHours[]>): number | null {
  const canary = shareOf(groups.canary);
  const control = shareOf(groups.control);
  if (canary === null || control === null) return null;
  const pooled = (canary.answered + control.answered) / (canary.passed + control.passed);
  const binomial = pooled * (1 - pooled) * (1 / canary.passed + 1 / control.passed);
  return over((canary.share - control.share) ** 2, Math.max(binomial, canary.variance + control.variance));
}

/** How probable so large a chi-squared is by chance. */
export function chi2P(chi2: number): number {
  return 1 - chiSquaredCdf(chi2, 1);
}

/** A ratio estimator over clusters: the share, and its variance from how far each station is from it. */
function shareOf(stations: readonly StationHours[]) {
  const answered = stations.reduce((sum, station) => sum + station.answered, 0);
  const passed = stations.reduce((sum, station) => sum + station.passed, 0);
  if (passed === 0 || stations.length < 2) return null;
  const share = answered / passed;
  const squares = stations.reduce((sum, station) => sum + (station.answered - share * station.passed) ** 2, 0);
  const variance = (squares * stations.length) / (stations.length - 1) / passed ** 2;
  return { answered, passed, share, variance };
}

/** 0/0: nothing differs, and nothing could. */
function over(squared: number, variance: number): number {
  return squared === 0 ? 0 : squared / variance;
}
