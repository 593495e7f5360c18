import { LEADS } from '../../core/record.ts';
import { HISTORY_HOURS } from '../../core/telemetry.ts';
import { impute } from '../features.ts';
import { conformalMargin } from '../interval.ts';
import { noForecast, type Predictor } from '../predictor.ts';
import { rowOf } from '../row-of.ts';
import { floorOf } from './scale.ts';

const DAY_H = 24;
const WEEK_H = 168;
const LAST = HISTORY_HOURS - 1;

/** Half of the leads are shorter than this, half longer: the age at which a latest reading is judged. */
const MIDDLE_LEAD_H = LEADS / 2;

/** A plain way of forecasting: the value for a target `lead` hours after the window's last, and how old a reading its past errors are taken with. */
type Method = { forecast: (window_kw: Float64Array, lead: number) => number; error_lag_h: number };

const reading = (window_kw: Float64Array, lead: number, lag_h: number) => window_kw[LAST + lead - lag_h] ?? Number.NaN;

export const methods = {
  persistence: { forecast: (window_kw) => window_kw[LAST] ?? Number.NaN, error_lag_h: MIDDLE_LEAD_H },
  day: { forecast: (window_kw, lead) => reading(window_kw, lead, DAY_H), error_lag_h: DAY_H },
  /** The mean of the same hours of the week, as many as the history has; its past errors know but one. */
  week: {
    forecast: (window_kw, lead) => (reading(window_kw, lead, WEEK_H) + reading(window_kw, lead, 2 * WEEK_H)) / 2,
    error_lag_h: WEEK_H,
  },
} as const satisfies Record<string, Method>;

/**
 * The best plain method of each station by its own errors in the last week. It needs nothing but the history, so that there is always
 * something to fall back on.
 */
export function fallback(): Predictor {
  return {
    kind: 'fallback',
    async forecast({ history_kw, issue_h, values_only }) {
      const forecast = noForecast(issue_h.length);
      for (let row = 0; row < issue_h.length; row++) {
        const history = rowOf(history_kw, row, HISTORY_HOURS);
        const window_kw = history.slice();
        if (!impute(window_kw)) continue;
        const method = bestOf(history);
        const margin_kw = values_only ? Number.NaN : conformalMargin(pastErrors(history, method));
        const floor_kw = floorOf(history);
        for (let lead = 1; lead <= LEADS; lead++) {
          const at = row * LEADS + lead - 1;
          const value_kw = method.forecast(window_kw, lead);
          forecast.values_kw[at] = value_kw;
          forecast.low_kw[at] = Math.max(floor_kw, value_kw - margin_kw);
          forecast.high_kw[at] = value_kw + margin_kw;
        }
      }
      return forecast;
    },
    dispose() {},
  };
}

/** Without a week of errors of any method, yesterday is repeated. */
function bestOf(history: Float64Array): Method {
  let best: Method = methods.day;
  let least = Number.POSITIVE_INFINITY;
  for (const method of [methods.day, methods.week, methods.persistence]) {
    const errors = pastErrors(history, method);
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    if (!(mean < least)) continue;
    [best, least] = [method, mean];
  }
  return best;
}

/** Absolute errors of the last week's hours; readings that are missing have none. */
function pastErrors(history: Float64Array, { error_lag_h }: Method): Float64Array {
  const errors = new Float64Array(WEEK_H);
  let known = 0;
  for (let i = HISTORY_HOURS - WEEK_H; i < HISTORY_HOURS; i++) {
    const error = Math.abs((history[i] ?? Number.NaN) - (history[i - error_lag_h] ?? Number.NaN));
    if (!Number.isNaN(error)) errors[known++] = error;
  }
  return errors.subarray(0, known);
}
