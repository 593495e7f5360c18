import { SHAPE, type Weights } from './network.ts';

/** Of onnx.proto: the type of a float, and versions that every runtime of these years reads. */
const [FLOAT, IR_VERSION, OPSET] = [1, 8, 17];

/** The network of the comparison as an ONNX model, `inputs` [n, 168] → `outputs` [n, 24]: the file that the peers load. Field numbers: onnx.proto. */
export function onnxModel(weights: Weights): Buffer {
  const { input, hidden, output } = SHAPE;
  const graph = Buffer.concat([
    bytes(1, node('Gemm', ['inputs', 'hidden', 'hidden_bias'], 'wide')),
    bytes(1, node('Relu', ['wide'], 'active')),
    bytes(1, node('Gemm', ['active', 'output', 'output_bias'], 'outputs')),
    text(2, 'network'),
    bytes(5, tensor('hidden', [input, hidden], weights.hidden)),
    bytes(5, tensor('hidden_bias', [hidden], weights.hidden_bias)),
    bytes(5, tensor('output', [hidden, output], weights.output)),
    bytes(5, tensor('output_bias', [output], weights.output_bias)),
    bytes(11, value('inputs', input)),
    bytes(12, value('outputs', output)),
  ]);
  return Buffer.concat([whole(1, IR_VERSION), bytes(7, graph), bytes(8, whole(2, OPSET))]);
}

function node(operator: string, inputs: readonly string[], output: string): Buffer {
  return Buffer.concat([...inputs.map((name) => text(1, name)), text(2, output), text(4, operator)]);
}

function tensor(name: string, shape: readonly number[], values: Float32Array): Buffer {
  const raw = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return Buffer.concat([...shape.map((size) => whole(1, size)), whole(2, FLOAT), text(8, name), bytes(9, raw)]);
}

/** Rows, as many as are asked for, of so many floats. */
function value(name: string, columns: number): Buffer {
  const shape = Buffer.concat([bytes(1, text(2, 'n')), bytes(1, whole(1, columns))]);
  return Buffer.concat([text(1, name), bytes(2, bytes(1, Buffer.concat([whole(1, FLOAT), bytes(2, shape)])))]);
}

/** Protocol buffers: a field of a whole number, and one of bytes. */
function whole(field: number, size: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(size)]);
}

function bytes(field: number, content: Uint8Array): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}

function text(field: number, content: string): Buffer {
  return bytes(field, Buffer.from(content));
}

function varint(size: number): Buffer {
  const digits: number[] = [];
  let rest = size;
  for (; rest > 127; rest = Math.floor(rest / 128)) digits.push((rest % 128) | 128);
  return Buffer.from([...digits, rest]);
}
