import { randomOf } from '../../core/random.ts';

/** The network that all servers of the comparison run: one week of hours, one hidden layer, one day of hours. */
export const SHAPE = { input: 168, hidden: 64, output: 24 } as const;

/** Weights row by row, inputs as rows. */
export type Weights = {
  hidden: Float32Array;
  hidden_bias: Float32Array;
  output: Float32Array;
  output_bias: Float32Array;
};

/** The same weights in every server. */
export function weightsOf(seed: number): Weights {
  const random = randomOf(seed);
  const made = (length: number) => Float32Array.from({ length }, () => (random() - 0.5) / 8);
  const { input, hidden, output } = SHAPE;
  return {
    hidden: made(input * hidden),
    hidden_bias: made(hidden),
    output: made(hidden * output),
    output_bias: made(output),
  };
}

/** The forward pass as anybody would write it by hand, for the peers. */
export function forward(weights: Weights, inputs: ArrayLike<number>): Float64Array {
  const { hidden, output } = SHAPE;
  const wide = Float64Array.from(weights.hidden_bias);
  for (let i = 0; i < SHAPE.input; i++) {
    const input = inputs[i] ?? 0;
    for (let j = 0; j < hidden; j++) wide[j] = (wide[j] ?? 0) + input * (weights.hidden[i * hidden + j] ?? 0);
  }
  const values = Float64Array.from(weights.output_bias);
  for (let j = 0; j < hidden; j++) {
    const active = Math.max(0, wide[j] ?? 0);
    for (let lead = 0; lead < output; lead++)
      values[lead] = (values[lead] ?? 0) + active * (weights.output[j * output + lead] ?? 0);
  }
  return values;
}
