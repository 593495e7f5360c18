import { LEADS } from '../core/record.ts';
import { seasonalForecast } from '../core/seasonal.ts';
import { HISTORY_HOURS } from '../core/telemetry.ts';
import { conformalMargin } from './interval.ts';
import { noForecast, type Predictor } from './predictor.ts';
import { rowOf } from './row-of.ts';

/** The existing forecast ("control"): see `seasonalForecast`. Its interval comes from the errors it would have made within the history. */
export function seasonal(lag_h: number): Predictor {
  if (!Number.isInteger(lag_h) || lag_h < LEADS || lag_h > HISTORY_HOURS)
    throw new RangeError(
      `lag_h ${lag_h} must be a whole number from ${LEADS} to ${HISTORY_HOURS}: the history holds no other`,
    );
  return {
    kind: 'seasonal',
    async forecast({ history_kw, issue_h, values_only }) {
      const forecast = noForecast(issue_h.length);
      for (let row = 0; row < issue_h.length; row++) {
        const history = rowOf(history_kw, row, HISTORY_HOURS);
        seasonalForecast(history, lag_h, rowOf(forecast.values_kw, row, LEADS));
        if (values_only) continue;
        const margin_kw = marginOf(history, lag_h);
        for (let at = row * LEADS; at < (row + 1) * LEADS; at++) {
          forecast.low_kw[at] = (forecast.values_kw[at] ?? Number.NaN) - margin_kw;
          forecast.high_kw[at] = (forecast.values_kw[at] ?? Number.NaN) + margin_kw;
        }
      }
      return forecast;
    },
    dispose() {},
  };
}

function marginOf(history: Float64Array, lag_h: number): number {
  const errors = new Float64Array(HISTORY_HOURS - lag_h);
  let known = 0;
  for (let i = lag_h; i < HISTORY_HOURS; i++) {
    const error = Math.abs((history[i] ?? Number.NaN) - (history[i - lag_h] ?? Number.NaN));
    if (!Number.isNaN(error)) errors[known++] = error;
  }
  return conformalMargin(errors.subarray(0, known));
}
