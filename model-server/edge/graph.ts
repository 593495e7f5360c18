import { LEADS } from '../../core/record.ts';
import { FEATURES } from '../features.ts';
import { HIDDEN } from '../network.ts';
import type { EdgeLayer, EdgeNetwork } from './network.ts';
import { type OperatorName, TensorType } from './schema.ts';

export type GraphTensor = {
  name: string;
  shape: readonly number[];
  type: number;
  /** Of quantised tensors: one for the whole tensor, or one for each output. */
  scales?: ArrayLike<number>;
  /** Of constants; little-endian. */
  data?: Uint8Array;
};
export type GraphOperator = { name: OperatorName; inputs: number[]; outputs: number[]; relu?: boolean };
/** The network as TensorFlow Lite sees it: operators in the order in which they run, tensors by index. */
export type Graph = { tensors: GraphTensor[]; operators: GraphOperator[]; inputs: number[]; outputs: number[] };

/** Floats in and out, so that any program that runs TensorFlow Lite models can run it; integers in between. */
export function graphOf([wide, narrow, last]: EdgeNetwork): Graph {
  const tensors: GraphTensor[] = [];
  const add = (tensor: GraphTensor) => tensors.push(tensor) - 1;
  const floats = (name: string, width: number) => add({ name, shape: [1, width], type: TensorType.FLOAT32 });
  const whole = (name: string, width: number, scale: number) =>
    add({ name, shape: [1, width], type: TensorType.INT16, scales: [scale] });
  const operators: GraphOperator[] = [];
  const fully = (name: string, input: number, layer: EdgeLayer) => {
    const { weights, bias } = constants(name, layer);
    const output = whole(name, layer.outputs, layer.output_scale);
    operators.push({
      name: 'fullyConnected',
      inputs: [input, add(weights), add(bias)],
      outputs: [output],
      relu: layer.relu,
    });
    return output;
  };
  const features = floats('features', FEATURES);
  const quantised = whole('features_int16', FEATURES, wide.input_scale);
  operators.push({ name: 'quantize', inputs: [features], outputs: [quantised] });
  const hidden = fully('narrow', fully('wide', quantised, wide), narrow);
  const seen = whole('seen', FEATURES + HIDDEN[1], last.input_scale);
  operators.push({ name: 'concatenation', inputs: [quantised, hidden], outputs: [seen] });
  const output = fully('residuals_int16', seen, last);
  const residuals = floats('residuals', LEADS);
  operators.push({ name: 'dequantize', inputs: [output], outputs: [residuals] });
  return { tensors, operators, inputs: [features], outputs: [residuals] };
}

function constants(name: string, { inputs, outputs, input_scale, weights, weight_scales, bias }: EdgeLayer) {
  return {
    weights: {
      name: `${name}_weights`,
      shape: [outputs, inputs],
      type: TensorType.INT8,
      scales: weight_scales,
      data: new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength),
    },
    bias: {
      name: `${name}_bias`,
      shape: [outputs],
      type: TensorType.INT64,
      scales: weight_scales.map((scale) => input_scale * scale),
      data: new Uint8Array(BigInt64Array.from(bias, BigInt).buffer),
    },
  };
}
