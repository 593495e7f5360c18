import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CoreV1Api,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
  type V1Pod,
} from '@kubernetes/client-node';
import { request } from 'undici';
import { vi } from 'vitest';
import type { Manifest } from '../../core/compile/compile.ts';
import { PORT } from '../../core/workload.ts';
import { type Site, stage } from '../../lab/control-plane.ts';
import { envoyProcess, prepareEnvoy } from '../../lab/envoy.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import { nodeAgentProcess } from '../../lab/node-agent-place.ts';
import { listeningAddress } from '../../lab/pod-address.ts';
import type { Part } from '../../lab/process.ts';
import { translatorProcess } from '../../lab/xds-place.ts';
import { type AppliedWeight, weightsFile } from '../../lab/xds-weights.ts';

export const NAMESPACE = 'grid';
export const IMAGE = 'lab/echo:1';
export const WAIT = { timeout: 60_000, interval: 50 };

const services = ['stable', 'canary'];
const envoyDir = ({ dir }: Pick<Site, 'dir'>) => join(dir, 'envoy');
export const agentDir = ({ dir }: Pick<Site, 'dir'>) => join(dir, 'pods');

/** A lab with node agent, Envoy and translator, and an empty namespace. */
export async function startDataPlaneLab(more: (site: Site) => Part[] = () => []): Promise<Lab> {
  const lab = await startLab({ extra: (site) => [...dataPlane(site), ...more(site)] });
  await apply(lab, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  const core = (await lab.client('admin')).makeApiClient(CoreV1Api);
  // The API server refuses pods until the namespace has got its service account.
  const account = () => core.readNamespacedServiceAccount({ name: 'default', namespace: NAMESPACE });
  await vi.waitUntil(() => account().then(Boolean, () => false), WAIT);
  return lab;
}

function dataPlane(site: Site): Part[] {
  const { slot, dir, bin, credentials } = site;
  const place = { slot, bin, dir: envoyDir(site) };
  prepareEnvoy(place);
  const images = join(dir, 'images.json');
  const command = ['node', fileURLToPath(new URL('./echo-server.ts', import.meta.url))];
  writeFileSync(
    images,
    JSON.stringify({ [IMAGE]: { cwd: import.meta.dirname, command }, 'lab/empty:1': { cwd: '/', command: [] } }),
  );
  const addresses = join(dir, 'service-addresses.json');
  writeFileSync(
    addresses,
    JSON.stringify(Object.fromEntries(services.map((name, n) => [name, `127.${slot}.1.${n + 1}`]))),
  );
  const translator = {
    kubeconfig: credentials.kubeconfig('translator'),
    namespace: NAMESPACE,
    slot,
    dir: place.dir,
    addresses,
  };
  const agent = { kubeconfig: credentials.kubeconfig('node-agent'), slot, dir: agentDir(site), images };
  return [
    envoyProcess(place, []),
    translatorProcess({ ...translator, stable: 'stable', canary: 'canary', route: 'primary' }, [
      'envoy',
      stage.access,
      stage.crds,
    ]),
    nodeAgentProcess(agent, [stage.access]),
  ];
}

/** Server-side apply as the administrator. */
export async function apply(lab: Lab, ...objects: (KubernetesObject | Manifest)[]): Promise<void> {
  const api = KubernetesObjectApi.makeApiClient(await lab.client('admin'));
  // As JSON they are what the API server takes; the client's types call a time a Date, the models' a string.
  for (const object of objects as KubernetesObject[])
    await api.patch(object, undefined, undefined, 'test', true, PatchStrategy.ServerSideApply);
}

export type PodOptions = {
  env?: Record<string, string>;
  image?: string;
  spec?: Record<string, unknown>;
  container?: Record<string, unknown>;
};

/** A pod template that runs the echo server. */
export function template(app: string, { env = {}, image = IMAGE, spec = {}, container = {} }: PodOptions = {}) {
  const fields = { HOST: 'status.podIP', POD_NAME: 'metadata.name' };
  return {
    metadata: { labels: { app } },
    spec: {
      terminationGracePeriodSeconds: 2,
      containers: [
        {
          name: 'echo',
          image,
          env: [
            ...Object.entries(fields).map(([name, fieldPath]) => ({ name, valueFrom: { fieldRef: { fieldPath } } })),
            { name: 'PORT', value: String(PORT) },
            ...Object.entries(env).map(([name, value]) => ({ name, value })),
          ],
          readinessProbe: { httpGet: { path: '/readyz', port: 8780 }, periodSeconds: 1, failureThreshold: 1 },
          ...container,
        },
      ],
      ...spec,
    },
  };
}

export function pod(name: string, options?: PodOptions) {
  const { metadata, spec } = template(name, options);
  return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name, namespace: NAMESPACE }, spec };
}

export function deployment(name: string, replicas: number, options?: PodOptions) {
  const spec = { replicas, selector: { matchLabels: { app: name } }, template: template(name, options) };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: NAMESPACE }, spec };
}

export function service(name: string, selector: Record<string, string> = { app: name }) {
  const ports = [{ name: 'http', port: 8780, targetPort: 8780 }];
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: NAMESPACE }, spec: { selector, ports } };
}

/** Where the process of a pod listens. */
export function urlOf({ status }: V1Pod): string {
  return `http://${listeningAddress(status?.podIP ?? '')}:8780`;
}

export async function get(url: string, station = ''): Promise<{ status: number; body: unknown }> {
  const { statusCode, body } = await request(url, { headers: { 'x-station-id': station } });
  const text = await body.text();
  return { status: statusCode, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text };
}

/** What the translator saw Envoy confirm, oldest first. */
export function weightsOf(lab: Lab): AppliedWeight[] {
  const file = weightsFile(envoyDir(lab));
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line));
}
