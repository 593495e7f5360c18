import { SHAPE, weightsOf } from '../../bench/server/network.ts';
import { simdModule } from '../../model-server/backends/simd-module.ts';

const FLOAT_BYTES = 4;

/** The network of the comparison as the model server runs networks. What it returns is overwritten by the next call; missing readings are zeros. */
export function simdForward(): (inputs: Float64Array) => Float32Array {
  const { input, hidden, output } = SHAPE;
  const weights = weightsOf(1);
  let floats = 0;
  const place = (length: number) => {
    const at = floats;
    floats += length;
    return at;
  };
  const at = {
    hidden: place(weights.hidden.length),
    hidden_bias: place(hidden),
    output: place(weights.output.length),
    output_bias: place(output),
  };
  const [inputs, wide, values] = [place(input), place(hidden), place(output)];
  const bytes = (float: number) => float * FLOAT_BYTES;
  const layers = [
    { rows: input, columns: hidden, weights: bytes(at.hidden), bias: bytes(at.hidden_bias), relu: true },
    { rows: hidden, columns: output, weights: bytes(at.output), bias: bytes(at.output_bias), relu: false },
  ];
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(simdModule(layers, bytes(floats))));
  const { memory: raw, layer0, layer1 } = exports;
  if (!(raw instanceof WebAssembly.Memory) || typeof layer0 !== 'function' || typeof layer1 !== 'function')
    throw new TypeError('the module exports no memory and two layers');
  const memory = new Float32Array(raw.buffer);
  for (const name of ['hidden', 'hidden_bias', 'output', 'output_bias'] as const) memory.set(weights[name], at[name]);
  const result = memory.subarray(values, values + output);
  return (given) => {
    for (let i = 0; i < input; i++) {
      const value = given[i] ?? Number.NaN;
      memory[inputs + i] = Number.isNaN(value) ? 0 : value;
    }
    layer0(bytes(inputs), bytes(wide));
    layer1(bytes(wide), bytes(values));
    return result;
  };
}
