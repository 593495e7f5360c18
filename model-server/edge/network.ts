import { LEADS } from '../../core/record.ts';
import { FEATURES } from '../features.ts';
import { HIDDEN } from '../network.ts';

/**
 * A fully connected layer on integers: activations of 16 bits, weights of 8, both symmetric (zero is 0), each output with a weight scale of
 * its own. An activation x stands for x · scale.
 */
export type EdgeLayer = {
  inputs: number;
  outputs: number;
  relu: boolean;
  input_scale: number;
  output_scale: number;
  /** outputs × inputs. */
  weights: Int8Array;
  weight_scales: Float32Array;
  /** Whole numbers, of scale input_scale · weight_scales[output]. */
  bias: Float64Array;
};

/** The last layer sees the features too, before what the second one gives: the linear path of the trained network is in its weights. */
export type EdgeNetwork = readonly [wide: EdgeLayer, narrow: EdgeLayer, last: EdgeLayer];

/** Inputs and outputs of the layers. */
export const WIDTHS: readonly (readonly [inputs: number, outputs: number])[] = [
  [FEATURES, HIDDEN[0]],
  [HIDDEN[0], HIDDEN[1]],
  [FEATURES + HIDDEN[1], LEADS],
];

const MIN_INT16 = -32768;
const MAX_INT16 = 32767;

/**
 * n × FEATURES → n × LEADS: sums of integers, each scaled in double precision and rounded once. The same bits on every machine, and those of
 * the LiteRT that `runByLiteRt` runs; docs/decisions/edge.md has others.
 */
export function integerForward(network: EdgeNetwork): (features: Float32Array) => Float32Array {
  const [wide, narrow, last] = network;
  const seen = new Int16Array(FEATURES + HIDDEN[1]);
  const hidden = new Int16Array(HIDDEN[0]);
  const output = new Int16Array(LEADS);
  const steps = [step(wide, seen, hidden), step(narrow, hidden, seen.subarray(FEATURES)), step(last, seen, output)];
  return (features) => {
    const rows = features.length / FEATURES;
    const residuals = new Float32Array(rows * LEADS);
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < FEATURES; i++)
        seen[i] = int16((features[row * FEATURES + i] ?? Number.NaN) / wide.input_scale);
      for (const run of steps) run();
      for (let lead = 0; lead < LEADS; lead++) residuals[row * LEADS + lead] = (output[lead] ?? 0) * last.output_scale;
    }
    return residuals;
  };
}

/** To the nearest whole number, halves away from zero; what does not fit is at the end. */
function int16(value: number, least = MIN_INT16): number {
  const whole = Math.trunc(value);
  const nearest = Math.abs(value - whole) < 0.5 ? whole : whole + Math.sign(value);
  return Math.max(least, Math.min(MAX_INT16, nearest));
}

/**
 * LiteRT's FULLY_CONNECTED for such tensors (FullyConnectedPerChannel of kernels/internal/reference/integer_ops/fully_connected.h). At most 191
 * products of 2^15 · 2^7 stay below 2^31.
 */
function step(layer: EdgeLayer, input: Int16Array, output: Int16Array): () => void {
  const { inputs, outputs, weights, bias, input_scale, weight_scales, output_scale } = layer;
  const scales = Float64Array.from(weight_scales, (scale) => (input_scale * scale) / output_scale);
  const least = layer.relu ? 0 : MIN_INT16;
  return () => {
    for (let j = 0; j < outputs; j++) {
      const row = j * inputs;
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum = (sum + (input[i] ?? 0) * (weights[row + i] ?? 0)) | 0;
      output[j] = int16((sum + (bias[j] ?? Number.NaN)) * (scales[j] ?? Number.NaN), least);
    }
  };
}
