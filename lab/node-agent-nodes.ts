import { readFileSync } from 'node:fs';
import {
  CoordinationV1Api,
  CoreV1Api,
  type KubeConfig,
  PatchStrategy,
  setHeaderOptions,
} from '@kubernetes/client-node';
import { message } from './watch.ts';

/** A node of the lab, as data: the scheduler believes it, whatever the machine really has. */
export type NodeDescription = {
  name: string;
  labels?: Record<string, string>;
  taints?: { key: string; value?: string; effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute' }[];
  capacity: Record<string, string>;
};

/** A general node and one with a GPU that only asks for, and gets, pods that tolerate it. */
export const defaultNodes: readonly NodeDescription[] = [
  { name: 'cpu-0', capacity: { cpu: '64', memory: '128Gi', pods: '110' } },
  {
    name: 'gpu-0',
    labels: { 'nvidia.com/gpu.present': 'true' },
    taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }],
    capacity: { cpu: '64', memory: '128Gi', pods: '110', 'nvidia.com/gpu': '4' },
  },
];

export function readNodes(file: string | undefined): readonly NodeDescription[] {
  if (file === undefined) return defaultNodes;
  return JSON.parse(readFileSync(file, 'utf8')) as NodeDescription[];
}

const FIELD_MANAGER = 'gridramp-node-agent';
const apply = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply);

/** Puts the node into the API as Ready. An existing one is brought to its description. */
export async function registerNode(config: KubeConfig, node: NodeDescription, address: string): Promise<void> {
  const core = config.makeApiClient(CoreV1Api);
  const { name } = node;
  const body = nodeObject(node);
  const patch = { name, fieldManager: FIELD_MANAGER, force: true };
  await core.patchNode({ ...patch, body }, apply);
  await renewLease(config, name);
  await core.patchNodeStatus(
    { ...patch, body: { apiVersion: 'v1', kind: 'Node', status: nodeStatus(node, address) } },
    apply,
  );
  // New nodes are tainted not-ready until they are; ready now, this one has exactly the taints of its description.
  await core.patchNode({ ...patch, body }, apply);
}

function nodeObject({ name, labels, taints = [] }: NodeDescription): Record<string, unknown> {
  const own = {
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': process.arch === 'x64' ? 'amd64' : process.arch,
  };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { ...own, ...labels } }, spec: { taints } };
}

function nodeStatus({ name, capacity }: NodeDescription, address: string): Record<string, unknown> {
  const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  const healthy = { lastHeartbeatTime: now, lastTransitionTime: now };
  const absent = ['MemoryPressure', 'DiskPressure', 'PIDPressure'].map((type) => ({
    type,
    status: 'False',
    reason: 'Lab',
    message: '',
    ...healthy,
  }));
  return {
    capacity,
    allocatable: capacity,
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    conditions: [
      ...absent,
      { type: 'Ready', status: 'True', reason: 'Lab', message: 'the node agent runs', ...healthy },
    ],
  };
}

const LEASE_S = 40;
const RENEW_MS = 10_000;

/** Keeps the node alive in the eyes of the node lifecycle controller until `signal` aborts. */
export function keepLease(config: KubeConfig, name: string, signal: AbortSignal): void {
  const timer = setInterval(() => {
    renewLease(config, name).catch((error: unknown) => console.error(`lease of ${name}: ${message(error)}`));
  }, RENEW_MS);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}

async function renewLease(config: KubeConfig, name: string): Promise<void> {
  const metadata = { name, namespace: 'kube-node-lease' };
  const spec = {
    holderIdentity: name,
    leaseDurationSeconds: LEASE_S,
    renewTime: new Date().toISOString().replace('Z', '000Z'),
  };
  const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
  await config
    .makeApiClient(CoordinationV1Api)
    .patchNamespacedLease({ ...metadata, body, fieldManager: FIELD_MANAGER, force: true }, apply);
}
