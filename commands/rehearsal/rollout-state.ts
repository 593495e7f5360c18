import type { KubeConfig, KubernetesObject } from '@kubernetes/client-node';
import { parseRollout } from '../../lab/observe-argo.ts';
import { follow } from '../../lab/watch.ts';

/** A first release that does not serve by then never will. */
const STABLE_WITHIN_MS = 60_000;

/** Resolves with the stable pod-template hash once the first release is Healthy. */
export async function untilStable(
  kube: KubeConfig,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<string> {
  const found = Promise.withResolvers<string>();
  const stop = new AbortController();
  let last = 'it was not seen at all';
  const look = (object: KubernetesObject) => {
    if (object.metadata?.name !== name) return;
    const { phase, message, stable_hash } = parseRollout(object);
    last = `it is ${phase || 'without a status'}${message ? ` (${message})` : ''}`;
    if (phase === 'Healthy' && stable_hash !== '') found.resolve(stable_hash);
  };
  const until = AbortSignal.any([signal, stop.signal, AbortSignal.timeout(STABLE_WITHIN_MS)]);
  const following = follow(
    kube,
    `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/rollouts`,
    { listed: (objects) => objects.forEach(look), changed: ({ kind, object }) => kind === 'changed' && look(object) },
    until,
  ).then(() => {
    signal.throwIfAborted();
    throw new Error(`the stable release did not become healthy within ${STABLE_WITHIN_MS / 1000} s: ${last}`);
  });
  try {
    return await Promise.race([found.promise, following]);
  } finally {
    stop.abort();
    await following.catch(() => undefined);
  }
}
