import { LEADS } from '../../core/record.ts';
import { HISTORY_HOURS } from '../../core/telemetry.ts';
import { noForecast, type Predictor } from '../predictor.ts';
import { rowOf } from '../row-of.ts';
import { fillFeatures, LINEAR_FEATURES, type LinearModel, linearForecast, viewOf } from './linear.ts';
import { fillInterval, floorOf } from './scale.ts';

/** One linear model for all stations, over what is usual at the target hour by the history's own two weeks. */
export function ridge(model: LinearModel): Predictor {
  return {
    kind: 'ridge',
    async forecast({ history_kw, issue_h, values_only }) {
      const forecast = noForecast(issue_h.length);
      const features = new Float64Array(LINEAR_FEATURES);
      for (let row = 0; row < issue_h.length; row++) {
        const history = rowOf(history_kw, row, HISTORY_HOURS);
        const view = viewOf(history, issue_h[row] ?? 0);
        if (view === undefined) continue;
        const floor_kw = floorOf(history);
        for (let lead = 1; lead <= LEADS; lead++) {
          fillFeatures(view, lead, features);
          const value_kw = linearForecast(model, view, lead, features);
          forecast.values_kw[row * LEADS + lead - 1] = Math.max(floor_kw, value_kw);
        }
        if (!values_only) fillInterval(forecast, row, history, model.margins);
      }
      return forecast;
    },
    dispose() {},
  };
}
