import { LEADS } from '../core/record.ts';
import { seasonalForecast } from '../core/seasonal.ts';
import { HISTORY_HOURS } from '../core/telemetry.ts';
import type { Predictor } from './predictor.ts';

/** The existing forecast ("control"): see `seasonalForecast`. */
export function seasonal(lag_h: number): Predictor {
  if (!Number.isInteger(lag_h) || lag_h < LEADS || lag_h > HISTORY_HOURS)
    throw new RangeError(
      `lag_h ${lag_h} must be a whole number from ${LEADS} to ${HISTORY_HOURS}: the history holds no other`,
    );
  return {
    kind: 'seasonal',
    async forecast({ history_kw, issue_h }) {
      const values_kw = new Float64Array(issue_h.length * LEADS);
      for (let row = 0; row < issue_h.length; row++)
        seasonalForecast(
          history_kw.subarray(row * HISTORY_HOURS, (row + 1) * HISTORY_HOURS),
          lag_h,
          values_kw.subarray(row * LEADS, (row + 1) * LEADS),
        );
      return values_kw;
    },
    dispose() {},
  };
}
