import { ksDistance, ksPValue } from './kolmogorov-smirnov.ts';
import { populationStabilityIndex } from './psi.ts';
import type { DriftSettings } from './settings.ts';

const WEEK_HOURS = 168;

/** Hours of readings compared: the last week with the two weeks before it. */
export const COMPARED_HOURS = 3 * WEEK_HOURS;

/** A week with fewer comparable hours is not judged. */
const MIN_HOURS = WEEK_HOURS / 2;

/** Hours of one day go up and down together: a sample counts as its days, 7 against 14, not as its hours. */
const DAYS = { now: 7, before: 14 };

/** What two detectors say about one station: how far from its limit, 1 is drift. */
export type InputStatistics = { psi: number; ks: number };

/**
 * Compares the last week of a station's COMPARED_HOURS readings (NaN: missing) with the two weeks before, hour of week by hour of week; null where
 * too few hours can be compared.
 */
export function weekAgainstWeeks(
  readings_kw: Float64Array,
  settings: Pick<DriftSettings, 'psi' | 'ks'>,
): InputStatistics | null {
  const { now, before } = weekDifferences(readings_kw);
  if (now.length < MIN_HOURS) return null;
  const p = ksPValue(ksDistance(now, before), DAYS.now, DAYS.before);
  return {
    psi: populationStabilityIndex(now, before) / settings.psi.threshold,
    ks: Math.log(Math.max(p, Number.MIN_VALUE)) / Math.log(settings.ks.p_value),
  };
}

/**
 * What a level shift moves and the shape of a week does not: `now` is the week less the mean of the two before, `before` how those two differ, in both
 * directions. By chance both are spread alike, once `now` is stretched: its variance is 3/2 of a reading's, that of a difference 2.
 */
export function weekDifferences(readings_kw: Float64Array): { now: Float64Array; before: Float64Array } {
  const now: number[] = [];
  const before: number[] = [];
  for (let hour = 0; hour < WEEK_HOURS; hour++) {
    const [oldest = Number.NaN, older = Number.NaN, last = Number.NaN] = [0, 1, 2].map(
      (week) => readings_kw[week * WEEK_HOURS + hour],
    );
    if (Number.isNaN(oldest + older + last)) continue;
    now.push(Math.sqrt(4 / 3) * (last - (older + oldest) / 2));
    before.push(older - oldest, oldest - older);
  }
  return { now: Float64Array.from(now), before: Float64Array.from(before) };
}
