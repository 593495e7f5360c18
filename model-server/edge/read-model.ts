import { ByteBuffer } from 'flatbuffers';
import { type EdgeLayer, type EdgeNetwork, WIDTHS } from './network.ts';
import {
  Activation,
  Buffer,
  FILE_IDENTIFIER,
  FullyConnectedOptions,
  Model,
  Operator,
  OperatorCode,
  operators,
  Quantization,
  SCHEMA_VERSION,
  SubGraph,
  Tensor,
} from './schema.ts';

/** What the file runs, in order: those that `writeModel` writes. */
const STEPS = [
  'quantize',
  'fullyConnected',
  'fullyConnected',
  'concatenation',
  'fullyConnected',
  'dequantize',
] as const;

/** The network of a TensorFlow Lite model that `writeModel` wrote. The bytes are those of a verified digest; a model of another form is an error. */
export function readModel(bytes: Uint8Array): EdgeNetwork {
  const buffer = new ByteBuffer(bytes);
  if (bytes.length < 8 || !buffer.__has_identifier(FILE_IDENTIFIER)) throw unfit('it is no TensorFlow Lite model');
  const model = new Table(buffer, buffer.readInt32(0));
  if (model.int32(Model.version, 0) !== SCHEMA_VERSION) throw unfit(`its schema is not version ${SCHEMA_VERSION}`);
  const [graph] = model.tables(Model.subgraphs);
  if (graph === undefined) throw unfit('it has no graph');
  const codes = model.tables(Model.operator_codes).map((code) => code.int32(OperatorCode.builtin_code, 0));
  const steps = graph.tables(SubGraph.operators);
  const run = steps.map((step) => codes[step.int32(Operator.opcode_index, 0)]);
  if (String(run) !== String(STEPS.map((name) => operators[name].code))) throw unfit('its operators are others');
  const context = { tensors: graph.tables(SubGraph.tensors), buffers: model.tables(Model.buffers) };
  const layers = steps.filter((_, i) => STEPS[i] === 'fullyConnected').map((step, i) => layerOf(step, context, i));
  const [wide, narrow, last] = layers;
  if (!wide || !narrow || !last) throw unfit('it has no three layers');
  return [wide, narrow, last];
}

type Context = { tensors: Table[]; buffers: Table[] };

function layerOf(step: Table, { tensors, buffers }: Context, i: number): EdgeLayer {
  const [inputs, outputs] = WIDTHS[i] ?? [0, 0];
  const at = (field: number, place: number) => {
    const tensor = tensors[step.int32s(field)[place] ?? -1];
    if (tensor === undefined) throw unfit(`layer ${i} lacks a tensor`);
    return tensor;
  };
  const [input, weights, bias, output] = [
    at(Operator.inputs, 0),
    at(Operator.inputs, 1),
    at(Operator.inputs, 2),
    at(Operator.outputs, 0),
  ];
  const scales = (tensor: Table) => tensor.table(Tensor.quantization).float32s(Quantization.scale);
  const data = (tensor: Table, size: number) => {
    const found = buffers[tensor.int32(Tensor.buffer, 0)]?.bytes(Buffer.data);
    if (found?.length !== size) throw unfit(`a constant of layer ${i} has ${found?.length} bytes instead of ${size}`);
    // A copy of its own: a slice of Node's Buffer is none.
    return Uint8Array.from(found).buffer;
  };
  const weight_scales = Float32Array.from(scales(weights));
  if (weight_scales.length !== outputs)
    throw unfit(`layer ${i} has ${weight_scales.length} weight scales instead of ${outputs}`);
  return {
    inputs,
    outputs,
    relu:
      step.table(Operator.builtin_options).int8(FullyConnectedOptions.fused_activation_function, 0) === Activation.RELU,
    input_scale: scales(input)[0] ?? Number.NaN,
    output_scale: scales(output)[0] ?? Number.NaN,
    weights: new Int8Array(data(weights, inputs * outputs)),
    weight_scales,
    bias: Float64Array.from(new BigInt64Array(data(bias, 8 * outputs)), Number),
  };
}

/** A table of the file, asked by field number. */
class Table {
  readonly #buffer: ByteBuffer;
  readonly #at: number;

  constructor(buffer: ByteBuffer, at: number) {
    this.#buffer = buffer;
    this.#at = at;
  }

  int8(field: number, missing: number): number {
    const place = this.#place(field);
    return place === undefined ? missing : this.#buffer.readInt8(place);
  }

  int32(field: number, missing: number): number {
    const place = this.#place(field);
    return place === undefined ? missing : this.#buffer.readInt32(place);
  }

  table(field: number): Table {
    const place = this.#place(field);
    if (place === undefined) throw unfit(`a table lacks field ${field}`);
    return new Table(this.#buffer, this.#buffer.__indirect(place));
  }

  tables(field: number): Table[] {
    return this.#vector(field, 4, (place) => new Table(this.#buffer, this.#buffer.__indirect(place)));
  }

  int32s(field: number): number[] {
    return this.#vector(field, 4, (place) => this.#buffer.readInt32(place));
  }

  float32s(field: number): number[] {
    return this.#vector(field, 4, (place) => this.#buffer.readFloat32(place));
  }

  bytes(field: number): Uint8Array {
    const place = this.#place(field);
    if (place === undefined) return new Uint8Array();
    const from = this.#buffer.__vector(place);
    return this.#buffer.bytes().subarray(from, from + this.#buffer.__vector_len(place));
  }

  #vector<T>(field: number, size: number, read: (place: number) => T): T[] {
    const place = this.#place(field);
    if (place === undefined) return [];
    const from = this.#buffer.__vector(place);
    return Array.from({ length: this.#buffer.__vector_len(place) }, (_, i) => read(from + i * size));
  }

  #place(field: number): number | undefined {
    const offset = this.#buffer.__offset(this.#at, 4 + 2 * field);
    return offset === 0 ? undefined : this.#at + offset;
  }
}

function unfit(why: string): RangeError {
  return new RangeError(`this is no edge model of gridramp's: ${why}; write it again with npm run edge`);
}
