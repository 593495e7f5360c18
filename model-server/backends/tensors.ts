import type { dispose, Tensor, tensor2d, tensor3d, tidy } from '@tensorflow/tfjs-core';
import { FEATURES } from '../features.ts';
import { residuals, SHAPES, type Weights } from '../network.ts';
import type { Network } from './backend.ts';

/** What a network needs of TensorFlow.js, whichever of its packages it comes from. */
export type Tf = Parameters<typeof residuals>[0] & {
  tidy: typeof tidy;
  dispose: typeof dispose;
  tensor2d: typeof tensor2d;
  tensor3d: typeof tensor3d;
};

/** A routed call, and a call for many stations. */
const WARM_UP_ROWS = [1, 256];

/**
 * The network as tensors of TensorFlow.js. `products`: one `for each row`, where rows of one product are added up in an order that depends on
 * their number and place, and a forecast would not have the same bits whoever else is asked for; else one `for all`.
 */
export function tensorNetwork(tf: Tf, weights: Weights, products: 'for each row' | 'for all'): Network {
  const tensors = SHAPES.map(([rows, columns], i) => tf.tensor2d(weights[i] ?? new Float32Array(), [rows, columns]));
  const forward = (features: Float32Array): Float32Array => {
    const rows = features.length / FEATURES;
    const output = tf.tidy(() => {
      const input =
        products === 'for all' ? tf.tensor2d(features, [rows, FEATURES]) : tf.tensor3d(features, [rows, 1, FEATURES]);
      return residuals(tf, tensors, input);
    });
    return taken(output);
  };
  // TensorFlow picks and loads its kernels at the first call: better now than in somebody's request.
  for (const rows of WARM_UP_ROWS) forward(new Float32Array(rows * FEATURES));
  return { forward: async (features) => forward(features), close: () => tf.dispose(tensors) };
}

/** A copy, for the values may lie in memory that the next product overwrites. */
function taken(output: Tensor): Float32Array {
  try {
    return Float32Array.from(output.dataSync());
  } finally {
    output.dispose();
  }
}
