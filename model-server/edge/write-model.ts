import { Builder } from 'flatbuffers';
import { type Graph, type GraphOperator, type GraphTensor, graphOf } from './graph.ts';
import type { EdgeNetwork } from './network.ts';
import {
  Activation,
  BUFFER_ALIGN,
  Buffer,
  ConcatenationOptions,
  FILE_IDENTIFIER,
  FullyConnectedOptions,
  Model,
  Operator,
  OperatorCode,
  operatorCodes,
  operators,
  Quantization,
  SCHEMA_VERSION,
  SubGraph,
  Tensor,
  TensorType,
} from './schema.ts';

/** The network as a TensorFlow Lite model: the same network, the same bytes. */
export function writeModel(network: EdgeNetwork, description: string): Uint8Array {
  const graph = graphOf(network);
  const to = new Builder(2 ** 16);
  // The first buffer is empty by convention: tensors that are no constants name it.
  const constants = graph.tensors.filter(({ data }) => data !== undefined);
  const buffers = [bufferOf(to), ...constants.map(({ data }) => bufferOf(to, data))];
  const tensors = graph.tensors.map((tensor) => tensorOf(to, tensor, constants.indexOf(tensor) + 1));
  const subgraph = subgraphOf(to, graph, tensors);
  const codes = operatorCodes.map((name) => operatorCodeOf(to, name));
  const text = to.createString(description);
  const offsets = [vectorOf(to, codes), vectorOf(to, [subgraph]), vectorOf(to, buffers)] as const;
  to.startObject(Model.fields);
  to.addFieldInt32(Model.version, SCHEMA_VERSION, 0);
  to.addFieldOffset(Model.operator_codes, offsets[0], 0);
  to.addFieldOffset(Model.subgraphs, offsets[1], 0);
  to.addFieldOffset(Model.description, text, 0);
  to.addFieldOffset(Model.buffers, offsets[2], 0);
  to.finish(to.endObject(), FILE_IDENTIFIER);
  return to.asUint8Array();
}

function bufferOf(to: Builder, data?: Uint8Array): number {
  const bytes = data && vectorOfBytes(to, data);
  to.startObject(Buffer.fields);
  if (bytes !== undefined) to.addFieldOffset(Buffer.data, bytes, 0);
  return to.endObject();
}

function tensorOf(to: Builder, { name, shape, type, scales }: GraphTensor, buffer: number): number {
  const named = to.createString(name);
  const shaped = vectorOfInts(to, shape);
  const quantised = scales && quantizationOf(to, scales);
  to.startObject(Tensor.fields);
  to.addFieldOffset(Tensor.shape, shaped, 0);
  to.addFieldInt8(Tensor.type, type, TensorType.FLOAT32);
  to.addFieldInt32(Tensor.buffer, buffer, 0);
  to.addFieldOffset(Tensor.name, named, 0);
  if (quantised !== undefined) to.addFieldOffset(Tensor.quantization, quantised, 0);
  return to.endObject();
}

/** Symmetric: every zero point is 0. */
function quantizationOf(to: Builder, scales: ArrayLike<number>): number {
  to.startVector(4, scales.length, 4);
  for (let i = scales.length - 1; i >= 0; i--) to.addFloat32(scales[i] ?? Number.NaN);
  const scale = to.endVector();
  to.startVector(8, scales.length, 8);
  for (let i = 0; i < scales.length; i++) to.addInt64(0n);
  const zero_point = to.endVector();
  to.startObject(Quantization.fields);
  to.addFieldOffset(Quantization.scale, scale, 0);
  to.addFieldOffset(Quantization.zero_point, zero_point, 0);
  return to.endObject();
}

function subgraphOf(to: Builder, graph: Graph, tensors: number[]): number {
  const steps = graph.operators.map((operator) => operatorOf(to, operator));
  const offsets = [
    vectorOf(to, tensors),
    vectorOfInts(to, graph.inputs),
    vectorOfInts(to, graph.outputs),
    vectorOf(to, steps),
    to.createString('main'),
  ] as const;
  to.startObject(SubGraph.fields);
  to.addFieldOffset(SubGraph.tensors, offsets[0], 0);
  to.addFieldOffset(SubGraph.inputs, offsets[1], 0);
  to.addFieldOffset(SubGraph.outputs, offsets[2], 0);
  to.addFieldOffset(SubGraph.operators, offsets[3], 0);
  to.addFieldOffset(SubGraph.name, offsets[4], 0);
  return to.endObject();
}

function operatorCodeOf(to: Builder, name: keyof typeof operators): number {
  const { code, version } = operators[name];
  to.startObject(OperatorCode.fields);
  // Readers from before the codes outgrew a byte look here.
  to.addFieldInt8(OperatorCode.deprecated_builtin_code, code, 0);
  to.addFieldInt32(OperatorCode.version, version, 1);
  to.addFieldInt32(OperatorCode.builtin_code, code, 0);
  return to.endObject();
}

function operatorOf(to: Builder, operator: GraphOperator): number {
  const offsets = [
    vectorOfInts(to, operator.inputs),
    vectorOfInts(to, operator.outputs),
    optionsOf(to, operator),
  ] as const;
  to.startObject(Operator.fields);
  to.addFieldInt32(Operator.opcode_index, operatorCodes.indexOf(operator.name), 0);
  to.addFieldOffset(Operator.inputs, offsets[0], 0);
  to.addFieldOffset(Operator.outputs, offsets[1], 0);
  to.addFieldInt8(Operator.builtin_options_type, operators[operator.name].options, 0);
  to.addFieldOffset(Operator.builtin_options, offsets[2], 0);
  return to.endObject();
}

function optionsOf(to: Builder, { name, relu = false }: GraphOperator): number {
  switch (name) {
    case 'fullyConnected':
      to.startObject(FullyConnectedOptions.fields);
      to.addFieldInt8(FullyConnectedOptions.fused_activation_function, relu ? Activation.RELU : Activation.NONE, 0);
      to.addFieldInt8(FullyConnectedOptions.quantized_bias_type, TensorType.INT64, TensorType.FLOAT32);
      return to.endObject();
    case 'concatenation':
      to.startObject(ConcatenationOptions.fields);
      to.addFieldInt32(ConcatenationOptions.axis, 1, 0);
      return to.endObject();
    case 'quantize':
    case 'dequantize':
      to.startObject(0);
      return to.endObject();
  }
}

function vectorOf(to: Builder, offsets: readonly number[]): number {
  to.startVector(4, offsets.length, 4);
  for (const offset of offsets.toReversed()) to.addOffset(offset);
  return to.endVector();
}

function vectorOfInts(to: Builder, values: readonly number[]): number {
  to.startVector(4, values.length, 4);
  for (const value of values.toReversed()) to.addInt32(value);
  return to.endVector();
}

function vectorOfBytes(to: Builder, bytes: Uint8Array): number {
  to.startVector(1, bytes.length, BUFFER_ALIGN);
  for (let i = bytes.length - 1; i >= 0; i--) to.addInt8(bytes[i] ?? 0);
  return to.endVector();
}
