import { randomOf } from '../../core/random.ts';
import { LEADS } from '../../core/record.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { FEATURES } from '../features.ts';
import { HIDDEN, type Weights } from '../network.ts';
import { trainingSamples } from '../samples.ts';
import { trainingHours } from '../split.ts';
import type { EdgeLayer, EdgeNetwork } from './network.ts';

/** The largest sizes that activations have. */
export type Ranges = { features: number; wide: number; narrow: number; output: number };

const MAX_INT8 = 127;
const MAX_INT16 = 32767;

/** Twice what calibration saw: hours to come may be wilder, and sixteen bits have room for it. */
const HEADROOM = 2;

/** Windows of the training part that activations are measured on, always the same ones. */
export const CALIBRATION_ROWS = 8192;
const CALIBRATION_SEED = 1;

/** Measures the activations of the trained network on the training part of a telemetry set, never on what it is judged by. */
export function calibrate(weights: Weights, telemetry: Telemetry): Ranges {
  const { draw } = trainingSamples(telemetry, trainingHours(telemetry));
  const { features } = draw(randomOf(CALIBRATION_SEED), CALIBRATION_ROWS);
  const [first, firstBias, second, secondBias, last, lastBias, linear] = known(weights);
  const ranges = { features: 0, wide: 0, narrow: 0, output: 0 };
  const measure = (name: keyof Ranges, values: Float32Array) => {
    for (const value of values) ranges[name] = Math.max(ranges[name], Math.abs(value));
    return values;
  };
  const relu = (values: Float32Array) => values.map((value) => Math.max(0, value));
  for (let row = 0; row < CALIBRATION_ROWS; row++) {
    const seen = measure('features', features.subarray(row * FEATURES, (row + 1) * FEATURES));
    const wide = measure('wide', relu(plus(firstBias, seen, first)));
    const narrow = measure('narrow', relu(plus(secondBias, wide, second)));
    measure('output', plus(plus(lastBias, narrow, last), seen, linear));
  }
  return ranges;
}

/** start + input · matrix. */
function plus(start: Float32Array, input: Float32Array, matrix: Float32Array): Float32Array {
  const sums = start.slice();
  input.forEach((value, i) => {
    if (value === 0) return;
    for (let j = 0; j < sums.length; j++) sums[j] = (sums[j] ?? 0) + value * (matrix[i * sums.length + j] ?? 0);
  });
  return sums;
}

/** The trained network in integers. The features and what the second layer gives lie side by side, so they have one scale. */
export function quantise(weights: Weights, ranges: Ranges): EdgeNetwork {
  const [first, firstBias, second, secondBias, last, lastBias, linear] = known(weights);
  const seen = scaleOf(Math.max(ranges.features, ranges.narrow));
  const wide = scaleOf(ranges.wide);
  const both = Float32Array.of(...linear, ...last);
  return [
    layer(first, firstBias, { relu: true, outputs: HIDDEN[0], input_scale: seen, output_scale: wide }),
    layer(second, secondBias, { relu: true, outputs: HIDDEN[1], input_scale: wide, output_scale: seen }),
    layer(both, lastBias, { relu: false, outputs: LEADS, input_scale: seen, output_scale: scaleOf(ranges.output) }),
  ];
}

function scaleOf(range: number): number {
  if (!(range > 0) || !Number.isFinite(range))
    throw new RangeError(
      `activations of size ${range} have no scale; is the model trained, and the telemetry not all zero?`,
    );
  return Math.fround((HEADROOM * range) / MAX_INT16);
}

type Shape = Pick<EdgeLayer, 'relu' | 'outputs' | 'input_scale' | 'output_scale'>;

/** `matrix`: inputs × outputs. Each output's largest weight becomes ±127. */
function layer(matrix: Float32Array, bias: Float32Array, shape: Shape): EdgeLayer {
  const { outputs, input_scale } = shape;
  const inputs = matrix.length / outputs;
  const weights = new Int8Array(matrix.length);
  const weight_scales = new Float32Array(outputs);
  const biases = new Float64Array(outputs);
  for (let j = 0; j < outputs; j++) {
    const column = Array.from({ length: inputs }, (_, i) => matrix[i * outputs + j] ?? Number.NaN);
    const scale = Math.fround(Math.max(...column.map(Math.abs)) / MAX_INT8) || 1;
    weight_scales[j] = scale;
    column.forEach((value, i) => {
      weights[j * inputs + i] = Math.max(-MAX_INT8, Math.min(MAX_INT8, Math.round(value / scale)));
    });
    biases[j] = Math.round((bias[j] ?? Number.NaN) / (input_scale * scale));
  }
  return { ...shape, inputs, weights, weight_scales, bias: biases };
}

function known(weights: Weights) {
  const [first, firstBias, second, secondBias, last, lastBias, linear] = weights;
  if (!first || !firstBias || !second || !secondBias || !last || !lastBias || !linear)
    throw new RangeError(`a trained network has 7 weights, not ${weights.length}`);
  return [first, firstBias, second, secondBias, last, lastBias, linear] as const;
}
