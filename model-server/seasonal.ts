import { LEADS } from '../core/record.ts';
import { HISTORY_HOURS } from '../core/telemetry.ts';
import type { Predictor } from './predictor.ts';

const WEEK_H = 168;

/**
 * The existing forecast ("control"): each target hour repeats the reading `lag_h` before it.
 * Where that is missing it repeats the same hour a week before, else the latest reading known.
 */
export function seasonal(lag_h: number): Predictor {
  if (!Number.isInteger(lag_h) || lag_h < LEADS || lag_h > HISTORY_HOURS)
    throw new RangeError(
      `lag_h ${lag_h} must be a whole number from ${LEADS} to ${HISTORY_HOURS}: the history holds no other`,
    );
  return {
    kind: 'seasonal',
    async forecast({ history_kw, issue_h }) {
      const values_kw = new Float64Array(issue_h.length * LEADS);
      for (let row = 0; row < issue_h.length; row++) {
        const latest = (row + 1) * HISTORY_HOURS - 1;
        for (let lead = 1; lead <= LEADS; lead++) {
          const target = latest + lead;
          values_kw[row * LEADS + lead - 1] =
            known(history_kw, target - lag_h) ?? known(history_kw, target - WEEK_H) ?? latestKnown(history_kw, latest);
        }
      }
      return values_kw;
    },
    dispose() {},
  };
}

function known(history_kw: Float64Array, index: number): number | undefined {
  const value = history_kw[index];
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

/** NaN when the station's whole history is missing. */
function latestKnown(history_kw: Float64Array, latest: number): number {
  for (let index = latest; index > latest - HISTORY_HOURS; index--) {
    const value = known(history_kw, index);
    if (value !== undefined) return value;
  }
  return Number.NaN;
}
