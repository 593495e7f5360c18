import { LEADS } from '../core/record.ts';
import { HISTORY_HOURS } from '../core/telemetry.ts';

/** Counts changes of what the numbers below mean: a network trained on other features must not be fed these. */
export const FEATURES_VERSION = 1;

const DAY_H = 24;
const WEEK_H = 168;
const RECENT_H = 48;

/** Recent hours, the target hours one and two weeks before, the issue hour's place in the day and in the week. */
export const FEATURES = RECENT_H + 2 * LEADS + DAY_H + 7;

/** The residual of a forecast is taken over this: the hour a day before the target. */
export const BASE_LAG_H = DAY_H;

/**
 * Fills missing readings in place: with the same hour a day before, else a day after, else the mean of what is known.
 * False when nothing at all is known.
 */
export function impute(values_kw: Float64Array): boolean {
  let known = 0;
  let sum = 0;
  for (const value of values_kw) {
    if (Number.isNaN(value)) continue;
    known++;
    sum += value;
  }
  if (known === values_kw.length) return true;
  if (known === 0) return false;
  fillFrom(values_kw, DAY_H);
  values_kw.reverse();
  fillFrom(values_kw, DAY_H);
  values_kw.reverse();
  for (let i = 0; i < values_kw.length; i++) if (Number.isNaN(values_kw[i])) values_kw[i] = sum / known;
  return true;
}

function fillFrom(values_kw: Float64Array, lag: number): void {
  for (let i = lag; i < values_kw.length; i++)
    if (Number.isNaN(values_kw[i])) values_kw[i] = values_kw[i - lag] ?? Number.NaN;
}

/**
 * Writes the features of one forecast into `out` from `at` on, and returns the scale that they were divided by: the window's mean size.
 * `values_kw` is imputed; its index `issue` is the issue hour and at least HISTORY_HOURS - 1 hours lie before it.
 */
export function fillFeatures(
  values_kw: Float64Array,
  issue: number,
  issue_h: number,
  out: Float32Array,
  at: number,
): number {
  let size = 0;
  for (let i = issue - HISTORY_HOURS + 1; i <= issue; i++) size += Math.abs(values_kw[i] ?? Number.NaN);
  // A station that stood at zero for two weeks has no scale of its own.
  const scale = size / HISTORY_HOURS || 1;
  const copy = (from: number, to: number) => {
    for (let i = from; i <= to; i++) out[at++] = (values_kw[i] ?? Number.NaN) / scale - 1;
  };
  copy(issue - RECENT_H + 1, issue);
  copy(issue + 1 - WEEK_H, issue + LEADS - WEEK_H);
  copy(issue + 1 - 2 * WEEK_H, issue + LEADS - 2 * WEEK_H);
  const hour = issue_h % DAY_H;
  const weekday = Math.floor(issue_h / DAY_H) % 7;
  for (let i = 0; i < DAY_H; i++) out[at++] = i === hour ? 1 : 0;
  for (let i = 0; i < 7; i++) out[at++] = i === weekday ? 1 : 0;
  return scale;
}
