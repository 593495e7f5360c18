import { LEADS } from '../core/record.ts';
import { HISTORY_HOURS } from '../core/telemetry.ts';
import { BASE_LAG_H, FEATURES, fillFeatures, impute } from './features.ts';
import { residuals, SHAPES } from './network.ts';
import { type Batch, noForecast, type Predictor } from './predictor.ts';
import { type Tf, tensorflow } from './tensorflow.ts';

/** A routed call, and a call for many stations. */
const WARM_UP_ROWS = [2, 256];

/** One network for all stations: it forecasts the residual over yesterday's same hour, in units of the station's own size. */
export async function dense(weights: Uint8Array): Promise<Predictor> {
  const tf = await tensorflow();
  const tensors = tensorsOf(tf, weights);
  // TensorFlow picks and loads its kernels at the first call: better now than in somebody's request.
  for (const rows of WARM_UP_ROWS) tf.tidy(() => residuals(tf, tensors, tf.zeros([rows, FEATURES])).dataSync());
  return {
    kind: 'dense',
    async forecast(batch) {
      const { features, windows, scales } = prepare(batch);
      // One product per row and not one for all: rows of one product are added up in an order that depends on their number and place,
      // and a forecast must have the same bits whoever else is asked for. For single rows it is no slower.
      const shape: [number, number, number] = [batch.issue_h.length, 1, FEATURES];
      const output = tf.tidy(() => residuals(tf, tensors, tf.tensor3d(features, shape)));
      const residual = output.dataSync();
      output.dispose();
      return { ...noForecast(scales.length), values_kw: combine(windows, scales, residual) };
    },
    dispose() {
      tf.dispose(tensors);
    },
  };
}

function tensorsOf(tf: Tf, weights: Uint8Array) {
  const expected_bytes = SHAPES.reduce((sum, [rows, columns]) => sum + rows * columns * 4, 0);
  if (weights.byteLength !== expected_bytes)
    throw new RangeError(
      `dense weights have ${weights.byteLength} bytes instead of ${expected_bytes}; train the model again with this code`,
    );
  // A copy, because a view of floats must start at a multiple of four.
  const floats = new Float32Array(weights.slice().buffer);
  let at = 0;
  return SHAPES.map(([rows, columns]) => {
    const from = at;
    at += rows * columns;
    return tf.tensor2d(floats.slice(from, at), [rows, columns]);
  });
}

type Prepared = { features: Float32Array; windows: Float64Array; scales: Float64Array };

/** Imputed windows, their scales (NaN: nothing is known of the station) and the network's inputs. */
function prepare({ history_kw, issue_h }: Batch): Prepared {
  const rows = issue_h.length;
  const windows = history_kw.slice();
  const features = new Float32Array(rows * FEATURES);
  const scales = new Float64Array(rows).fill(Number.NaN);
  for (let row = 0; row < rows; row++) {
    const window = windows.subarray(row * HISTORY_HOURS, (row + 1) * HISTORY_HOURS);
    if (impute(window))
      scales[row] = fillFeatures(window, HISTORY_HOURS - 1, issue_h[row] ?? 0, features, row * FEATURES);
  }
  return { features, windows, scales };
}

/** In doubles, so that the rounding of the network's floats is as small as its residual. */
function combine(windows: Float64Array, scales: Float64Array, residual: ArrayLike<number>): Float64Array {
  const values_kw = new Float64Array(scales.length * LEADS);
  scales.forEach((scale, row) => {
    const window = windows.subarray(row * HISTORY_HOURS, (row + 1) * HISTORY_HOURS);
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
