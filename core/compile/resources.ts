import type { PodResources } from '../plan-types.ts';
import { doubledQuantity } from '../quantity.ts';

/** Label and taint of the nodes of a pool: whoever wants to run there says so twice. */
export const POOL_LABEL = 'gridramp.io/pool';
const GPU = 'nvidia.com/gpu';

type Quantities = { cpu: string; memory: string; 'nvidia.com/gpu'?: string };
export type ContainerResources = Record<'requests' | 'limits', Quantities>;
export type Placement = { nodeSelector?: Record<string, string>; tolerations?: Toleration[] };
type Toleration = { key: string; operator: 'Equal' | 'Exists'; value?: string; effect: 'NoSchedule' };

/** Requests as the plan writes them, with limits of twice as much. GPUs cannot be shared, so there both are the same. */
export function containerResources({ cpu, memory, gpus }: PodResources): ContainerResources {
  const gpu = gpus === 0 ? {} : { [GPU]: String(gpus) };
  const limits = { cpu: doubledQuantity(cpu), memory: doubledQuantity(memory), ...gpu };
  return { requests: { cpu, memory, ...gpu }, limits };
}

/** Where pods may run: in their pool alone; and on nodes that are kept for those who need a GPU. */
export function placement({ gpus, node_pool }: PodResources): Placement {
  const tolerations: Toleration[] = [
    ...(node_pool === null
      ? []
      : [{ key: POOL_LABEL, operator: 'Equal' as const, value: node_pool, effect: 'NoSchedule' as const }]),
    ...(gpus === 0 ? [] : [{ key: GPU, operator: 'Exists' as const, effect: 'NoSchedule' as const }]),
  ];
  return {
    ...(node_pool === null ? {} : { nodeSelector: { [POOL_LABEL]: node_pool } }),
    ...(tolerations.length === 0 ? {} : { tolerations }),
  };
}
