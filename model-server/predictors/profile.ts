import { DAY_TRUTH_HOURS } from '../predictor.ts';
import { WEEK_H } from './linear.ts';

/** What a new reading counts in its hour of the week: weeks fade by 0.85 each. docs/predictors.md says how it was chosen. */
const NEWEST = 0.15;

/**
 * Moves a station's profile, its usual reading by hour of the week, on by the day that ends at a boundary; hours that are missing stay as they
 * were. `replaced`, if given, takes what the profile said of the day's 24 hours before.
 */
export function moveProfile(
  profile_kw: Float64Array,
  truth_kw: Float64Array,
  boundary_h: number,
  replaced?: Float64Array,
): void {
  for (let i = 0; i < 24; i++) {
    const slot = (boundary_h - 23 + i) % WEEK_H;
    const usual_kw = profile_kw[slot] ?? 0;
    if (replaced !== undefined) replaced[i] = usual_kw;
    const actual_kw = truth_kw[DAY_TRUTH_HOURS - 24 + i] ?? Number.NaN;
    if (!Number.isNaN(actual_kw)) profile_kw[slot] = usual_kw + NEWEST * (actual_kw - usual_kw);
  }
}

/** Undoes one `moveProfile`. */
export function restoreProfile(profile_kw: Float64Array, boundary_h: number, replaced: Float64Array): void {
  for (let i = 0; i < 24; i++) profile_kw[(boundary_h - 23 + i) % WEEK_H] = replaced[i] ?? 0;
}
