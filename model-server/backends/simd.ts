import { LEADS } from '../../core/record.ts';
import { FEATURES } from '../features.ts';
import { HIDDEN, type Weights } from '../network.ts';
import { type Backend, type Network, notLoaded } from './backend.ts';
import { type Layer, simdModule } from './simd-module.ts';

/** Rows that lie in the module's memory at once. */
const MAX_ROWS = 256;
const FLOAT_BYTES = 4;

type Exported = { memory: WebAssembly.Memory; layers: ((input: number, output: number) => void)[] };

/**
 * Our own code for this one network, as WebAssembly that needs no library. Each number is added up in one order, in single precision, without
 * fused operations: a forecast has the same bits on every machine, alone or among others.
 */
export const simd: Backend = {
  async open(weights) {
    const { layers, places, bytes } = layout(weights);
    const exported = instance(simdModule(layers, bytes), layers.length);
    const memory = new Float32Array(exported.memory.buffer);
    for (const [i, values] of weights.entries()) memory.set(values, (places.weights[i] ?? 0) / FLOAT_BYTES);
    return network(exported, memory, places);
  },
};

type Places = { weights: number[]; wide: number; narrow: number; input: number; output: number };

function layout(weights: Weights): { layers: Layer[]; places: Places; bytes: number } {
  let bytes = 0;
  const place = (floats: number) => {
    const at = bytes;
    bytes += floats * FLOAT_BYTES;
    return at;
  };
  const at = weights.map(({ length }) => place(length));
  const places = {
    weights: at,
    wide: place(HIDDEN[0]),
    narrow: place(HIDDEN[1]),
    input: place(MAX_ROWS * FEATURES),
    output: place(MAX_ROWS * LEADS),
  };
  const [first = 0, firstBias = 0, second = 0, secondBias = 0, last = 0, lastBias = 0, linear = 0] = at;
  const layers: Layer[] = [
    { rows: FEATURES, columns: HIDDEN[0], weights: first, bias: firstBias, relu: true },
    { rows: HIDDEN[0], columns: HIDDEN[1], weights: second, bias: secondBias, relu: true },
    { rows: HIDDEN[1], columns: LEADS, weights: last, bias: lastBias, relu: false },
    { rows: FEATURES, columns: LEADS, weights: linear, bias: 'output', relu: false },
  ];
  return { layers, places, bytes };
}

function network({ layers }: Exported, memory: Float32Array, { wide, narrow, input, output }: Places): Network {
  const [first, second, last, linear] = layers;
  if (!first || !second || !last || !linear) throw new RangeError(`the network has 4 layers, not ${layers.length}`);
  const forwardSome = (features: Float32Array): Float32Array => {
    memory.set(features, input / FLOAT_BYTES);
    const rows = features.length / FEATURES;
    for (let row = 0; row < rows; row++) {
      const from = input + row * FEATURES * FLOAT_BYTES;
      const to = output + row * LEADS * FLOAT_BYTES;
      first(from, wide);
      second(wide, narrow);
      last(narrow, to);
      linear(from, to);
    }
    return memory.subarray(output / FLOAT_BYTES, output / FLOAT_BYTES + rows * LEADS);
  };
  return {
    async forward(features) {
      const rows = features.length / FEATURES;
      const residuals = new Float32Array(rows * LEADS);
      for (let row = 0; row < rows; row += MAX_ROWS) {
        const some = features.subarray(row * FEATURES, (row + MAX_ROWS) * FEATURES);
        residuals.set(forwardSome(some), row * LEADS);
      }
      return residuals;
    },
    close() {},
  };
}

function instance(bytes: Uint8Array<ArrayBuffer>, layers: number): Exported {
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    const { memory } = exports;
    if (!(memory instanceof WebAssembly.Memory)) throw new TypeError('the module exports no memory');
    return { memory, layers: Array.from({ length: layers }, (_, n) => layerOf(exports, n)) };
  } catch (cause) {
    throw notLoaded('WebAssembly with SIMD', cause);
  }
}

function layerOf(exports: Record<string, unknown>, n: number): Exported['layers'][number] {
  const layer = exports[`layer${n}`];
  if (typeof layer !== 'function') throw new TypeError(`the module exports no layer${n}`);
  return (input, output) => void layer(input, output);
}
