import type { add, matMul, relu, Tensor } from '@tensorflow/tfjs-core';
import { LEADS } from '../core/record.ts';
import { FEATURES } from './features.ts';

/** Widths of the two hidden layers. */
export const HIDDEN = [128, 64] as const;

/** Shapes of the weights, in the order in which they are stored: three dense layers, and a linear path beside them from input to output. */
export const SHAPES: readonly (readonly [rows: number, columns: number])[] = [
  [FEATURES, HIDDEN[0]],
  [1, HIDDEN[0]],
  [HIDDEN[0], HIDDEN[1]],
  [1, HIDDEN[1]],
  [HIDDEN[1], LEADS],
  [1, LEADS],
  [FEATURES, LEADS],
];

/** One array for each of SHAPES, row by row. */
export type Weights = readonly Float32Array[];

/** Little-endian floats, one weight after another. */
export function weightsOf(bytes: Uint8Array): Weights {
  const expected_bytes = SHAPES.reduce((sum, [rows, columns]) => sum + rows * columns * 4, 0);
  if (bytes.byteLength !== expected_bytes)
    throw new RangeError(
      `dense weights have ${bytes.byteLength} bytes instead of ${expected_bytes}; train the model again with this code`,
    );
  // A copy, because a view of floats must start at a multiple of four.
  const floats = new Float32Array(new Uint8Array(bytes).buffer);
  let at = 0;
  return SHAPES.map(([rows, columns]) => {
    const from = at;
    at += rows * columns;
    return floats.slice(from, at);
  });
}

/** […, FEATURES] → […, LEADS]: residuals over the base, in units of the scale. The same when training and serving. */
export function residuals(
  tf: { add: typeof add; matMul: typeof matMul; relu: typeof relu },
  weights: readonly Tensor[],
  features: Tensor,
): Tensor {
  const [first, firstBias, second, secondBias, last, lastBias, linear] = weights;
  if (!first || !firstBias || !second || !secondBias || !last || !lastBias || !linear)
    throw new RangeError(`the network has ${SHAPES.length} weights, not ${weights.length}`);
  const wide = tf.relu(tf.add(tf.matMul(features, first), firstBias));
  const narrow = tf.relu(tf.add(tf.matMul(wide, second), secondBias));
  return tf.add(tf.add(tf.matMul(narrow, last), lastBias), tf.matMul(features, linear));
}
