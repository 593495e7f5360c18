import { setImmediate } from 'node:timers/promises';
import type { Tensor, Tensor2D, Variable } from '@tensorflow/tfjs-node';
import { normalOf, randomOf } from '../core/random.ts';
import { LEADS } from '../core/record.ts';
import { FEATURES } from './features.ts';
import { residuals, SHAPES } from './network.ts';
import type { TrainingBatch } from './samples.ts';
import { type Tf, tensorflow } from './tensorflow.ts';

/** Enough that doubling them gains under 1 % on both telemetry sets. */
export const STEPS = 3000;
const BATCH_ROWS = 512;
const LEARNING_RATE = 2e-3;
const PROGRESS_EVERY = 50;

/** `loss` where it is known. */
export type Progress = { step: number; steps: number; loss?: number };

/** Trains the network with Adam on the weighted absolute error and returns its weights' bytes: the same draw and seed, the same bytes. */
export async function fitNetwork(
  draw: (random: () => number, size: number) => TrainingBatch,
  { seed, steps = STEPS }: { seed: number; steps?: number },
  onProgress: (progress: Progress) => void,
): Promise<Uint8Array> {
  const tf = await tensorflow();
  const random = randomOf(seed);
  const weights = initialWeights(tf, random);
  const optimizer = tf.train.adam(LEARNING_RATE);
  for (let step = 1; step <= steps; step++) {
    Object.assign(optimizer, { learningRate: (LEARNING_RATE * (1 + Math.cos((Math.PI * (step - 1)) / steps))) / 2 });
    const loss = descend(tf, optimizer, weights, draw(random, BATCH_ROWS), step % PROGRESS_EVERY === 0);
    if (loss === undefined) continue;
    if (!Number.isFinite(loss))
      throw new RangeError(`training diverged: the loss is ${loss} at step ${step}; are there infinite readings?`);
    onProgress({ step, steps, loss });
    // Lets a progress line be drawn and Ctrl-C be heard.
    await setImmediate();
  }
  const bytes = bytesOf(weights);
  tf.dispose(weights);
  optimizer.dispose();
  return bytes;
}

/** The linear path's place among SHAPES. */
const LINEAR = SHAPES.length - 1;

/** He initialisation, with small outputs: training starts at the base forecast. */
function initialWeights(tf: Tf, random: () => number): Variable[] {
  const values = SHAPES.map(([rows, columns], index) => {
    const deviation = index === LINEAR || rows === 1 ? 0 : columns === LEADS ? 0.01 : Math.sqrt(1 / rows);
    return Float32Array.from({ length: rows * columns }, () => (deviation === 0 ? 0 : deviation * normalOf(random)));
  });
  return tf.tidy(() =>
    SHAPES.map(([rows, columns], index) => tf.variable(tf.tensor2d(values[index] ?? [], [rows, columns]))),
  );
}

function descend(
  tf: Tf,
  optimizer: ReturnType<Tf['train']['adam']>,
  weights: Variable[],
  batch: TrainingBatch,
  report: boolean,
): number | undefined {
  return tf.tidy(() => {
    const features = tf.tensor2d(batch.features, [BATCH_ROWS, FEATURES]);
    const targets = tf.tensor2d(batch.residuals, [BATCH_ROWS, LEADS]);
    const rowWeights = tf.tensor2d(batch.weights, [BATCH_ROWS, 1]);
    const loss = optimizer.minimize(() => weightedError(tf, weights, features, targets, rowWeights), report, weights);
    return loss?.dataSync()[0];
  });
}

function weightedError(tf: Tf, weights: Variable[], features: Tensor2D, targets: Tensor, rowWeights: Tensor) {
  return tf.mean(tf.mul(tf.abs(tf.sub(residuals(tf, weights, features), targets)), rowWeights)).asScalar();
}

/** Little-endian floats, one weight after another. */
function bytesOf(weights: Variable[]): Uint8Array {
  return Buffer.concat(weights.map((weight) => Buffer.from(Float32Array.from(weight.dataSync()).buffer)));
}
