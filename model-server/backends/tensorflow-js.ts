import { type Backend, BackendError, notLoaded } from './backend.ts';
import { tensorNetwork } from './tensors.ts';

/** TensorFlow.js' WebAssembly: XNNPACK's products add up every row in the same order. One thread, as everywhere. */
export const wasm = inProcess('wasm', 'for all', async () => {
  const { setThreadsCount } = await import('@tensorflow/tfjs-backend-wasm');
  setThreadsCount(1);
});

/** TensorFlow.js in plain JavaScript. */
export const js = inProcess('cpu', 'for each row', async () => {
  await import('@tensorflow/tfjs-backend-cpu');
});

/** A backend of TensorFlow.js in this process; `load` registers it under `name`. */
function inProcess(name: string, products: Parameters<typeof tensorNetwork>[2], load: () => Promise<void>): Backend {
  return {
    async open(weights) {
      const tf = await loaded(name, load);
      // All of TensorFlow.js' backends in a process take turns; nothing awaits between a turn and its result.
      const turn = () => {
        if (tf.getBackend() !== name) void tf.setBackend(name);
      };
      turn();
      const network = tensorNetwork(tf, weights, products);
      return {
        ...network,
        forward(features) {
          turn();
          return network.forward(features);
        },
      };
    },
  };
}

async function loaded(name: string, load: () => Promise<void>) {
  try {
    const tf = await import('@tensorflow/tfjs-core');
    // It says on standard output that native TensorFlow would be faster, which is known.
    tf.enableProdMode();
    await load();
    if (!(await tf.setBackend(name))) throw new BackendError('broken', `TensorFlow.js has no backend ${name}`);
    return tf;
  } catch (cause) {
    throw cause instanceof BackendError ? cause : notLoaded(`TensorFlow.js' backend ${name}`, cause);
  }
}
