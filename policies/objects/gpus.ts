import { POOL_LABEL } from '../../core/compile/resources.ts';
import { at, listAt, textAt } from '../fields.ts';
import { containers, podTemplates } from '../pods.ts';
import type { KubernetesObject, ObjectPolicy, Violation } from '../policy.ts';
import type { PolicySettings } from '../settings.ts';

const GPU = 'nvidia.com/gpu';

export const gpusOnTheirPools: ObjectPolicy = {
  name: 'gpus-on-their-pools',
  asks: 'Pods with GPUs run on pools of GPUs, with exactly their GPUs, and nothing else runs there.',
  violations: (object, settings) => {
    const counts = containers(object).flatMap(({ place, container }) => gpuFaults(place, container));
    return [
      ...counts,
      ...podTemplates(object).flatMap(({ place, spec }) => poolFaults(place, spec, usesGpus(object), settings)),
    ];
  },
};

function usesGpus(object: KubernetesObject): boolean {
  return containers(object).some(({ container }) => gpusOf(container, 'limits') !== undefined);
}

function gpusOf(container: unknown, kind: 'limits' | 'requests'): unknown {
  return at(container, 'resources', kind, GPU);
}

/** Kubernetes shares no GPU: it takes whole ones, and a request that differs from its limit is refused when the pod is made. */
function gpuFaults(place: string, container: unknown): Violation[] {
  const [limit, request] = [gpusOf(container, 'limits'), gpusOf(container, 'requests')];
  if (limit === undefined && request === undefined) return [];
  const isWhole = /^[1-9]\d*$/.test(String(limit));
  if (isWhole && (request === undefined || String(request) === String(limit))) return [];
  return [
    {
      place: `${place}.resources`,
      reason: `${String(request ?? limit)} GPUs are asked for, and at most ${String(limit ?? 'none')} are given`,
      fix: `write one whole number as requests["${GPU}"] and limits["${GPU}"]`,
    },
  ];
}

function poolFaults(place: string, spec: unknown, gpus: boolean, { gpu_pools }: PolicySettings): Violation[] {
  const pool = textAt(spec, 'nodeSelector', POOL_LABEL);
  const isOnGpus = pool !== undefined && gpu_pools.includes(pool);
  const tolerates = listAt(spec, 'tolerations').some((each) => [GPU, undefined].includes(textAt(each, 'key')));
  if (!gpus)
    return isOnGpus || tolerates
      ? [
          {
            place,
            reason: 'it needs no GPU and may take the place of a pod that does',
            fix: `leave out the toleration, and the pool`,
          },
        ]
      : [];
  return [
    ...(isOnGpus
      ? []
      : [
          {
            place: `${place}.nodeSelector`,
            reason: `its pool is ${pool === undefined ? 'any' : `"${pool}"`}, where there may be no GPU`,
            fix: `select ${POOL_LABEL}: ${gpu_pools.join(' or ')}`,
          },
        ]),
    ...(tolerates
      ? []
      : [
          {
            place: `${place}.tolerations`,
            reason: 'nodes with GPUs refuse pods that do not tolerate their taint',
            fix: `tolerate the key ${GPU}`,
          },
        ]),
  ];
}
