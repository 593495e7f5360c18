import { LEADS } from '../core/record.ts';
import { HISTORY_HOURS } from '../core/telemetry.ts';
import type { Network } from './backends/backend.ts';
import { BASE_LAG_H, FEATURES, fillFeatures, impute } from './features.ts';
import { type Batch, noForecast, type Predictor } from './predictor.ts';
import { fillInterval } from './predictors/scale.ts';
import { rowOf } from './row-of.ts';

/**
 * One network for all stations: it forecasts the residual over yesterday's same hour, in units of the station's own size. `margins`: half the
 * width of its interval by lead, in units of the scale (see scale.ts); without them it gives none.
 */
export function dense({ forward, close }: Network, margins: ArrayLike<number> = []): Predictor {
  return {
    kind: 'dense',
    async forecast(batch) {
      const { features, windows, scales } = prepare(batch);
      const residual = await forward(features);
      const forecast = { ...noForecast(scales.length), values_kw: combine(windows, scales, residual) };
      if (margins.length > 0)
        for (const row of scales.keys())
          fillInterval(forecast, row, rowOf(batch.history_kw, row, HISTORY_HOURS), margins);
      return forecast;
    },
    dispose: close,
  };
}

type Prepared = { features: Float32Array; windows: Float64Array; scales: Float64Array };

/** Imputed windows, their scales (NaN: nothing is known of the station) and the network's inputs. */
function prepare({ history_kw, issue_h }: Batch): Prepared {
  const rows = issue_h.length;
  const windows = history_kw.slice();
  const features = new Float32Array(rows * FEATURES);
  const scales = new Float64Array(rows).fill(Number.NaN);
  for (let row = 0; row < rows; row++) {
    const window = rowOf(windows, row, HISTORY_HOURS);
    if (impute(window))
      scales[row] = fillFeatures(window, HISTORY_HOURS - 1, issue_h[row] ?? 0, features, row * FEATURES);
  }
  return { features, windows, scales };
}

/** In doubles, so that the rounding of the network's floats is as small as its residual. */
function combine(windows: Float64Array, scales: Float64Array, residual: ArrayLike<number>): Float64Array {
  const values_kw = new Float64Array(scales.length * LEADS);
  scales.forEach((scale, row) => {
    const window = rowOf(windows, row, HISTORY_HOURS);
    // A station that never fed back will not start to: no negative load is forecast for it.
    const floor = window.every((value) => value >= 0) ? 0 : Number.NEGATIVE_INFINITY;
    for (let lead = 1; lead <= LEADS; lead++) {
      const base = window[HISTORY_HOURS - 1 + lead - BASE_LAG_H] ?? Number.NaN;
      const at = row * LEADS + lead - 1;
      values_kw[at] = Math.max(floor, base + scale * (residual[at] ?? Number.NaN));
    }
  });
  return values_kw;
}
