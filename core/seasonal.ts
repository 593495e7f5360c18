import { LEADS } from './record.ts';

const WEEK_H = 168;

/**
 * The existing forecast of one station, LEADS values into `out`: each target hour repeats the reading `lag_h` before it. Where that is missing
 * it repeats the same hour a week before, else the latest reading known; NaN when the whole history is missing.
 * `history_kw` is oldest first, its last reading is the issue hour's.
 */
export function seasonalForecast(history_kw: Float64Array, lag_h: number, out: Float64Array): void {
  const latest = history_kw.length - 1;
  for (let lead = 1; lead <= LEADS; lead++) {
    const target = latest + lead;
    out[lead - 1] = known(history_kw, target - lag_h) ?? known(history_kw, target - WEEK_H) ?? latestKnown(history_kw);
  }
}

function known(history_kw: Float64Array, index: number): number | undefined {
  const value = history_kw[index];
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

function latestKnown(history_kw: Float64Array): number {
  return history_kw.findLast((value) => !Number.isNaN(value)) ?? Number.NaN;
}
