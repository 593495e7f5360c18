import { dense } from '../dense.ts';
import type { Predictor } from '../predictor.ts';
import { integerForward } from './network.ts';
import { readModel } from './read-model.ts';

/** The model that gateways run, with the numbers that they get: so that it is rehearsed and judged like any other before it goes to them. */
export function edge(model: Uint8Array, margins: ArrayLike<number> = []): Predictor {
  const forward = integerForward(readModel(model));
  return { ...dense({ forward: async (features) => forward(features), close() {} }, margins), kind: 'edge' };
}
