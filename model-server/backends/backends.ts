import { LEADS } from '../../core/record.ts';
import type { BackendName } from '../../core/release.ts';
import { FEATURES } from '../features.ts';
import type { Weights } from '../network.ts';
import { type Backend, BackendError, type Network } from './backend.ts';
import { native } from './native.ts';
import { simd } from './simd.ts';
import { js, wasm } from './tensorflow-js.ts';

/** Those that are tried, one after another, where a release does not say which. Native ones take memory that a pod must have been given. */
export const usualOrder: readonly BackendName[] = ['simd', 'wasm', 'js'];

export const backends: Readonly<Record<BackendName, Backend>> = {
  simd,
  gpu: native('@tensorflow/tfjs-node-gpu'),
  native: native('@tensorflow/tfjs-node'),
  wasm,
  js,
};

/** A network on a backend of which nothing but numbers is taken. */
export async function openNetwork(backend: Backend, weights: Weights): Promise<Network> {
  const network = await backend.open(weights);
  return {
    ...network,
    async forward(features) {
      const residuals = await network.forward(features);
      if (residuals.length !== (features.length / FEATURES) * LEADS || !residuals.every(Number.isFinite))
        throw new BackendError('not-finite', 'it gave something else than a number for each lead');
      return residuals;
    },
  };
}
