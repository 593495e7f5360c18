/**
 * The part of TensorFlow Lite's file format that our network needs: schema version 3 (tensorflow/compiler/mlir/lite/schema/schema.fbs). A field's
 * number is its place in its table there; enumerations have the numbers that schema.fbs gives them.
 */
export const SCHEMA_VERSION = 3;
export const FILE_IDENTIFIER = 'TFL3';

/** Data of buffers begins at multiples of this: `force_align: 16`. */
export const BUFFER_ALIGN = 16;

export const Model = { fields: 5, version: 0, operator_codes: 1, subgraphs: 2, description: 3, buffers: 4 } as const;
export const OperatorCode = { fields: 4, deprecated_builtin_code: 0, version: 2, builtin_code: 3 } as const;
export const SubGraph = { fields: 5, tensors: 0, inputs: 1, outputs: 2, operators: 3, name: 4 } as const;
export const Tensor = { fields: 5, shape: 0, type: 1, buffer: 2, name: 3, quantization: 4 } as const;
export const Quantization = { fields: 7, scale: 2, zero_point: 3, quantized_dimension: 6 } as const;
export const Operator = {
  fields: 5,
  opcode_index: 0,
  inputs: 1,
  outputs: 2,
  builtin_options_type: 3,
  builtin_options: 4,
} as const;
export const Buffer = { fields: 1, data: 0 } as const;

export const FullyConnectedOptions = { fields: 5, fused_activation_function: 0, quantized_bias_type: 4 } as const;
export const ConcatenationOptions = { fields: 2, axis: 0 } as const;

export const TensorType = { FLOAT32: 0, INT64: 4, INT16: 7, INT8: 9 } as const;
export const Activation = { NONE: 0, RELU: 1 } as const;

/**
 * `code`: of BuiltinOperator; `options`: of BuiltinOptions; `version`: the first one that knows 16-bit activations, and of fully connected layers the
 * first one that is told the type of its bias (tensorflow/lite/tools/versioning/op_version.cc).
 */
export const operators = {
  quantize: { code: 114, options: 89, version: 2 },
  fullyConnected: { code: 9, options: 8, version: 11 },
  concatenation: { code: 2, options: 10, version: 3 },
  dequantize: { code: 6, options: 38, version: 3 },
} as const;
export type OperatorName = keyof typeof operators;

/** In the order in which our files list them. */
export const operatorCodes: readonly OperatorName[] = ['quantize', 'fullyConnected', 'concatenation', 'dequantize'];
