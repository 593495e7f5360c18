import type * as Tensorflow from '@tensorflow/tfjs-node';

export type Tf = typeof Tensorflow.default;

let loading: Promise<Tf> | undefined;

/** Loads native TensorFlow once, when a model first needs it: servers of statistical models never pay for it. */
export function tensorflow(): Promise<Tf> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Tf> {
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
  const { default: tf } = await import('@tensorflow/tfjs-node');
  await tf.ready();
  if (tf.getBackend() !== 'tensorflow')
    throw new Error(
      `TensorFlow runs on backend "${tf.getBackend()}" instead of "tensorflow"; rebuild the native binding with npm run bootstrap`,
    );
  return tf;
}
