import { LEADS } from '../../core/record.ts';
import { HISTORY_HOURS } from '../../core/telemetry.ts';
import { impute } from '../features.ts';
import { scaleOf } from './scale.ts';

/** Counts changes of what the features below mean: weights fitted to others must not be used with these. */
export const LINEAR_VERSION = 1;

export const WEEK_H = 168;
const LAST = HISTORY_HOURS - 1;

/** Of `fillFeatures`. */
export const LINEAR_FEATURES = 20;

/** A station at an issue hour: what its features are made from. Profiles are by hour of the week, hours since the epoch modulo 168. */
export type View = {
  issue_h: number;
  /** The history without gaps. */
  window_kw: Float64Array;
  profile_kw: Float64Array;
  /** The window less the profile. */
  deviation_kw: Float64Array;
  /** Mean deviations of the last 3, 6, 24 and 168 hours. */
  means_kw: readonly [number, number, number, number];
  scale_kw: number;
};

/** Undefined where nothing is known of the station. Without a profile, the mean of the history's two weeks is taken for it. */
export function viewOf(history_kw: Float64Array, issue_h: number, profile?: Float64Array): View | undefined {
  const window_kw = history_kw.slice();
  if (!impute(window_kw)) return undefined;
  const profile_kw = profile ?? weekOf(window_kw, issue_h);
  const deviation_kw = new Float64Array(HISTORY_HOURS);
  let slot = (issue_h - LAST) % WEEK_H;
  for (let i = 0; i < HISTORY_HOURS; i++) {
    deviation_kw[i] = (window_kw[i] ?? 0) - (profile_kw[slot] ?? 0);
    slot = slot === WEEK_H - 1 ? 0 : slot + 1;
  }
  const mean = (hours: number) => {
    let sum = 0;
    for (let i = HISTORY_HOURS - hours; i < HISTORY_HOURS; i++) sum += deviation_kw[i] ?? 0;
    return sum / hours;
  };
  const means_kw = [mean(3), mean(6), mean(24), mean(WEEK_H)] as const;
  return { issue_h, window_kw, profile_kw, deviation_kw, means_kw, scale_kw: scaleOf(history_kw) };
}

/** The mean of a gapless history's two weeks, by hour of the week. */
export function weekOf(window_kw: Float64Array, issue_h: number): Float64Array {
  const profile_kw = new Float64Array(WEEK_H);
  for (let i = 0; i < WEEK_H; i++)
    profile_kw[(issue_h - LAST + i) % WEEK_H] = ((window_kw[i] ?? 0) + (window_kw[i + WEEK_H] ?? 0)) / 2;
  return profile_kw;
}

/** What is usual at the target hour; the linear model adds to it. */
export function usualOf({ issue_h, profile_kw }: View, lead: number): number {
  return profile_kw[(issue_h + lead) % WEEK_H] ?? 0;
}

/** Days before the target hour whose deviation counts. */
const DEVIATION_DAYS = [1, 2, 3, 4, 6, 7, 14] as const;
/** Days before the target hour whose reading counts. */
const READING_DAYS = [1, 2, 7, 14] as const;

/** The features of one lead in kW, so that a forecast is the same in every unit. `out` has LINEAR_FEATURES. */
export function fillFeatures(view: View, lead: number, out: Float64Array): void {
  const { window_kw, deviation_kw, means_kw } = view;
  const target = LAST + lead;
  let at = 0;
  out[at++] = usualOf(view, lead);
  for (const days of READING_DAYS) out[at++] = window_kw[target - 24 * days] ?? 0;
  for (let ago = 0; ago < 3; ago++) out[at++] = deviation_kw[LAST - ago] ?? 0;
  for (const mean of means_kw) out[at++] = mean;
  for (const days of DEVIATION_DAYS) out[at++] = deviation_kw[target - 24 * days] ?? 0;
  // Yesterday's neighbours of the target hour: what was early or late by an hour.
  out[at] = ((deviation_kw[Math.min(target - 23, LAST)] ?? 0) + (deviation_kw[target - 25] ?? 0)) / 2;
}

/** One linear model for all stations: LEADS × LINEAR_FEATURES weights, and half the width of its interval by lead, in units of the scale. */
export type LinearModel = { weights: Float64Array; margins: Float64Array };

/** `features` are those of the lead. */
export function linearForecast({ weights }: LinearModel, view: View, lead: number, features: Float64Array): number {
  let value_kw = usualOf(view, lead);
  const from = (lead - 1) * LINEAR_FEATURES;
  for (let j = 0; j < LINEAR_FEATURES; j++) value_kw += (weights[from + j] ?? 0) * (features[j] ?? 0);
  return value_kw;
}

const NUMBERS = LEADS * LINEAR_FEATURES + LEADS;

/** Little-endian doubles: the weights lead by lead, then the margins. */
export function linearBytes({ weights, margins }: LinearModel): Uint8Array {
  const numbers = new Float64Array(NUMBERS);
  numbers.set(weights);
  numbers.set(margins, weights.length);
  return new Uint8Array(numbers.buffer);
}

export function parseLinear(bytes: Uint8Array): LinearModel {
  if (bytes.byteLength !== NUMBERS * 8)
    throw new RangeError(
      `linear weights have ${bytes.byteLength} bytes instead of ${NUMBERS * 8}; train the model again with this code`,
    );
  // A copy, because a view of doubles must start at a multiple of eight.
  const numbers = new Float64Array(new Uint8Array(bytes).buffer);
  return { weights: numbers.slice(0, LEADS * LINEAR_FEATURES), margins: numbers.slice(LEADS * LINEAR_FEATURES) };
}
