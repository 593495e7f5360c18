import type * as Tensorflow from '@tensorflow/tfjs-node';

export type Tf = typeof Tensorflow.default;

const loading = new Map<string, Promise<Tf>>();

/** Loads native TensorFlow once: for training, and in a process of its own for serving. `module`: its package, or its variant for GPUs. */
export function tensorflow(module = '@tensorflow/tfjs-node'): Promise<Tf> {
  const known = loading.get(module) ?? load(module);
  loading.set(module, known);
  return known;
}

async function load(module: string): Promise<Tf> {
  // The library reads these when it is loaded. One thread: sums are then always added in the same order, so that training gives the same
  // bytes on any number of cores. oneDNN would pick its kernels by processor, which changes the last digits; and its AVX-512 matrix product
  // corrupts memory when a signal (of a profiler, or SIGTERM) arrives within it, which AVX2's does not.
  process.env.TF_NUM_INTRAOP_THREADS = '1';
  process.env.TF_NUM_INTEROP_THREADS = '1';
  process.env.TF_ENABLE_ONEDNN_OPTS = '0';
  process.env.ONEDNN_MAX_CPU_ISA = 'AVX2';
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // The binding calls util.isNullOrUndefined, whose deprecation warning no reader of our logs can act on.
  process.noDeprecation = true;
  const { default: tf }: { default: Tf } = await import(module);
  await tf.ready();
  if (tf.getBackend() !== 'tensorflow')
    throw new Error(
      `TensorFlow runs on backend "${tf.getBackend()}" instead of "tensorflow"; rebuild the native binding with npm run bootstrap`,
    );
  return tf;
}
