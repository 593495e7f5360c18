import type { Tensor } from '@tensorflow/tfjs-node';
import { LEADS } from '../core/record.ts';
import { FEATURES } from './features.ts';
import type { Tf } from './tensorflow.ts';

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

/** […, FEATURES] → […, LEADS]: residuals over the base, in units of the scale. The same when training and serving. */
export function residuals(tf: Tf, weights: readonly Tensor[], features: Tensor): Tensor {
  const [first, firstBias, second, secondBias, last, lastBias, linear] = weights;
  if (!first || !firstBias || !second || !secondBias || !last || !lastBias || !linear)
    throw new RangeError(`the network has ${SHAPES.length} weights, not ${weights.length}`);
  const wide = tf.relu(tf.add(tf.matMul(features, first), firstBias));
  const narrow = tf.relu(tf.add(tf.matMul(wide, second), secondBias));
  return tf.add(tf.add(tf.matMul(narrow, last), lastBias), tf.matMul(features, linear));
}
