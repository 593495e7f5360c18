import type { Backtest } from '../core/judge/backtest.ts';
import { type ForecastRecord, LEADS } from '../core/record.ts';
import { inputDigest } from '../core/release.ts';
import { HISTORY_HOURS, hourOfIso, isoOfHour, type LogEntryInput } from '../core/telemetry.ts';

/** For tests: a world whose every reading, delay and forecast is a plain function of station and hour. */

export const START_H = hourOfIso('2016-08-01T00:00:00Z');
export const stations = Array.from({ length: 7 }, (_, s) => `station-${s}`);
export const STABLE = `sha256:${'5'.repeat(64)}`;
export const CANDIDATE = `sha256:${'c'.repeat(64)}`;

/** A repeatable number in [0, 1) for a few integers. */
function hashed(...parts: number[]): number {
  let state = 0x9e3779b9;
  for (const part of parts) {
    state = Math.imul(state ^ part, 0x85ebca6b);
    state ^= state >>> 13;
    state = Math.imul(state, 0xc2b2ae35) ^ (state >>> 16);
  }
  return (state >>> 0) / 2 ** 32;
}

/** Station 6 stands still. */
export function truthAt(s: number, target_h: number): number {
  if (s === 6) return 42;
  return 100 * (s + 1) + 30 * Math.sin((2 * Math.PI * target_h) / 24) + 5 * hashed(1, s, target_h);
}

/** Hours until a reading is known: mostly none, sometimes 1-5, rarely too late to be judged. */
export function delayAt(s: number, target_h: number): number {
  if (target_h <= START_H) return Math.max(START_H - target_h, 0);
  const luck = hashed(2, s, target_h);
  if (luck > 0.97) return 9;
  return luck > 0.85 ? 1 + Math.floor(5 * hashed(3, s, target_h)) : 0;
}

/** Hour at which a first, wrong reading of a cell is replaced, or null: the cell was right at once. */
function correctedAt(s: number, target_h: number): number | null {
  return hashed(4, s, target_h) > 0.95 && target_h > START_H ? target_h + delayAt(s, target_h) + 2 : null;
}

export function knownAt(s: number, target_h: number, as_of_h: number): number {
  if (target_h + delayAt(s, target_h) > as_of_h) return Number.NaN;
  const corrected_h = correctedAt(s, target_h);
  return truthAt(s, target_h) * (corrected_h !== null && corrected_h > as_of_h ? 1.5 : 1);
}

/** What becomes known at hour `h`; the first entry is a fortnight of history. */
export function entryAt(h: number): LogEntryInput {
  const first_h = h === START_H ? START_H - HISTORY_HOURS - LEADS : h - 12;
  const observations = [];
  for (let target_h = first_h; target_h <= h; target_h++)
    for (const [s, station_id] of stations.entries()) {
      const arrives = target_h + delayAt(s, target_h) === h || correctedAt(s, target_h) === h;
      if (arrives)
        observations.push({ station_id, target_time: isoOfHour(target_h), value_kw: knownAt(s, target_h, h) });
    }
  return { available_at: isoOfHour(h), observations };
}

export function inputsAt(s: number, issue_h: number): Float64Array {
  const start_h = issue_h - HISTORY_HOURS + 1;
  return Float64Array.from({ length: HISTORY_HOURS }, (_, i) => knownAt(s, start_h + i, issue_h));
}

/** A backtest of the candidate against the stable, with m_s of 2 to 8 kW. */
export function backtest(): Backtest {
  const guard = { sigma0_sq: 0.04, kappa: 9 };
  const theta = { look: { mean: -0.2, margin: 0.05 }, guard };
  return {
    schema: 1,
    candidate_release: CANDIDATE,
    stable_release: STABLE,
    arm: null,
    days: 120,
    from: '2016-03-01T01:00:00Z',
    to: '2016-06-29T00:00:00Z',
    verdict: 'safe',
    sentence: 'Over 120 days …',
    theta: { abort: theta, safe: theta, win: theta },
    consistency: null,
    scale_kw: Object.fromEntries(stations.map((id, s) => [id, 2 + s])),
    stations_left_out: [],
    days_left_out: 0,
    mae_kw: { candidate: 1, stable: 1 },
    rmse_scaled: { candidate: 1, stable: 1 },
    tries: 1,
    looks: [],
    accepted_loss: null,
  };
}

export type Predict = (history_kw: Float64Array) => (number | null)[];

/** The same hours a day (or `lag_h`) before, missing ones from the day before that. */
export const seasonal =
  (lag_h: number): Predict =>
  (history_kw) =>
    Array.from({ length: LEADS }, (_, i) => {
      const at = HISTORY_HOURS + i - lag_h;
      const value = history_kw[at] ?? 0;
      return Number.isNaN(value) ? history_kw[at - 24] || 0 : value;
    });

export type Version = { release: string; pod_hash: string; arm: string; predict: Predict };

export function recordOf(version: Version, s: number, issue_h: number, inputs_h = issue_h): ForecastRecord {
  const history_kw = inputsAt(s, inputs_h);
  return {
    release: version.release,
    pod_hash: version.pod_hash,
    arm: version.arm,
    station_id: stations[s] ?? '',
    issue_time: isoOfHour(issue_h),
    input_digest: inputDigest(stations[s] ?? '', inputs_h, history_kw),
    values_kw: version.predict(history_kw),
    purpose: 'pair',
    fallback: false,
    latency_ms: 1,
  };
}
