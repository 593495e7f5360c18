import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { AppsV1Api, CoreV1Api } from '@kubernetes/client-node';
import { Client, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { POD_HASH_LABEL, PORT } from '../../core/workload.ts';
import { apiserverUrl } from '../../lab/control-plane.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import type { TlsFiles } from '../../lab/process.ts';
import { readTls } from '../../lab/process-probe.ts';
import { apply } from './data-plane-lab.ts';

const WAIT = { timeout: 60_000, interval: 100 };

let lab: Lab;
let other: Lab;

beforeAll(async () => {
  // Side by side: both claim, build and start at the same time.
  [lab, other] = await Promise.all([startLab(), startLab()]);
});

afterAll(async () => {
  await Promise.all([lab?.stop(), other?.stop()]);
});

describe('Given two labs side by side', () => {
  test('When both are ready, Then they share no address and no folder', () => {
    expect(lab.host).not.toBe(other.host);
    expect(lab.dir).not.toBe(other.dir);
  });

  test('When a Rollout is applied to one, Then Argo, the controller manager and the scheduler act on it there alone', async () => {
    await applyRollout(lab, 'first');
    await expect.poll(() => schedulingOf(lab, 'first'), WAIT).toEqual(['Unschedulable']);
    expect(await schedulingOf(other, 'first')).toEqual([]);
  });

  test('When one calls with the credentials of the other, Then it is refused', async () => {
    const stranger = { ca: lab.credentials.ca, ...other.credentials.client('admin') };
    expect(await statusOf('/api', stranger)).toBe(401);
  });
});

describe('Given the API server of a lab', () => {
  test('When a client does not know the lab’s authority, Then it refuses the server', async () => {
    const outsider = new Client(apiserverUrl(lab.host));
    await expect(outsider.request({ method: 'GET', path: '/readyz' })).rejects.toThrow(/certificate/);
    await outsider.destroy();
  });

  test('When a caller shows no certificate, Then it is refused even where Kubernetes by default lets anyone in', async () => {
    expect(await statusOf('/readyz', { ca: lab.credentials.ca })).toBe(401);
    expect(await statusOf('/version', { ca: lab.credentials.ca })).toBe(401);
  });

  test.each([
    ['prometheus', '/api/v1/pods', '/api/v1/secrets'],
    ['observer', '/apis/argoproj.io/v1alpha1/rollouts', '/api/v1/secrets'],
    ['argo-rollouts', '/apis/networking.istio.io/v1/virtualservices', '/api/v1/nodes'],
    ['node-agent', '/api/v1/nodes', '/apis/argoproj.io/v1alpha1/rollouts'],
    ['pulumi', '/apis/argoproj.io/v1alpha1/rollouts', '/apis/rbac.authorization.k8s.io/v1/clusterroles'],
  ] as const)('When %s reads %s, Then it may, but not %s', async (user, allowed, forbidden) => {
    const caller = { ca: lab.credentials.ca, ...lab.credentials.client(user) };
    expect(await statusOf(allowed, caller)).toBe(200);
    expect(await statusOf(forbidden, caller)).toBe(403);
  });
});

describe('Given the files of a lab', () => {
  test('When others on the machine look, Then they see none of it', async () => {
    expect(await modeOf(lab.dir)).toBe(0o700);
    const folder = join(lab.dir, 'credentials');
    for (const file of await readdir(folder))
      expect(`${file} ${await modeOf(join(folder, file))}`).toBe(`${file} ${0o600}`);
  });
});

describe('Given etcd of a lab', () => {
  test('When a caller has only the API’s credentials, Then it does not get in', async () => {
    const caller = { ca: lab.credentials.etcd_ca, ...lab.credentials.client('admin') };
    const client = new Client(`https://${lab.host}:2379`, { connect: readTls(caller) });
    await expect(client.request({ method: 'GET', path: '/version' })).rejects.toThrow();
    await client.destroy();
  });
});

describe('Given that a part of the lab is killed', () => {
  test.each(['argo-rollouts', 'kube-apiserver', 'etcd'])(
    'When it is %s, Then it is restarted and rollouts work again',
    async (name) => {
      const restarted = lab.runner.next(name, 'restarted');
      const ready = lab.runner.next(name, 'ready');
      process.kill(lab.runner.pidOf(name) ?? 0, 'SIGKILL');
      await restarted;
      await ready;
      await expect
        .poll(
          () =>
            applyRollout(lab, `after-${name}`).then(
              () => true,
              () => false,
            ),
          WAIT,
        )
        .toBe(true);
      await expect.poll(() => schedulingOf(lab, `after-${name}`).catch(() => []), WAIT).toEqual(['Unschedulable']);
    },
  );
});

describe('Given a pod that asks to be scraped', () => {
  let exporter: Server;

  beforeAll(async () => {
    exporter = createServer((_, answer) => {
      answer.setHeader('content-type', 'text/plain; version=0.0.4');
      answer.end('served 1\npaired{pod_hash="of-the-canary"} 1\n');
    });
    exporter.listen(PORT, `127.${lab.slot}.99.1`);
    await once(exporter, 'listening');
    await applyRunningPod(`10.${lab.slot}.99.1`);
  });

  afterAll(() => exporter.close());

  test('When Prometheus finds it, Then its series carry its hash, save those that say whose they are', async () => {
    await expect.poll(() => hashesOf('served'), WAIT).toEqual(['of-the-pod']);
    expect(await hashesOf('paired')).toEqual(['of-the-canary']);
  });

  test('When Prometheus loses its targets, Then no series is left and it runs on', async () => {
    await lab.loseTargets();
    await expect.poll(() => hashesOf('served'), WAIT).toEqual([]);
  });
});

async function hashesOf(metric: string): Promise<unknown[]> {
  const { body } = await request(`${lab.prometheusUrl}/api/v1/query?query=${metric}`);
  const answer = (await body.json()) as { data: { result: { metric: Record<string, string> }[] } };
  return answer.data.result.map((series) => series.metric.pod_hash);
}

/** No node agent runs here: the test says itself what one would say of a pod. */
async function applyRunningPod(podIP: string): Promise<void> {
  const core = (await lab.client('admin')).makeApiClient(CoreV1Api);
  const pod = { name: 'scraped', namespace: 'default' };
  await core.createNamespacedPod({
    namespace: pod.namespace,
    body: {
      metadata: { ...pod, labels: { [POD_HASH_LABEL]: 'of-the-pod' }, annotations: { 'prometheus.io/scrape': 'true' } },
      spec: { containers: [{ name: 'server', image: 'example.invalid/server' }], schedulerName: 'none' },
    },
  });
  const status = { phase: 'Running', podIP, podIPs: [{ ip: podIP }] };
  await core.replaceNamespacedPodStatus({ ...pod, body: { ...(await core.readNamespacedPod(pod)), status } });
}

async function statusOf(path: string, tls: TlsFiles): Promise<number> {
  const client = new Client(apiserverUrl(lab.host), { connect: readTls(tls) });
  try {
    const { statusCode, body } = await client.request({ method: 'GET', path });
    await body.dump();
    return statusCode;
  } finally {
    await client.destroy();
  }
}

/** May be done again when its answer was lost. */
async function applyRollout(where: Lab, name: string): Promise<void> {
  const labels = { app: name };
  const container = { name: 'server', image: `example.invalid/server@sha256:${'0'.repeat(64)}` };
  const rollout = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
      strategy: { canary: { steps: [{ setWeight: 50 }] } },
    },
  };
  await apply(where, rollout);
}

/** Why the scheduler left the pods of a Rollout where they are: the lab has no nodes. Argo made their ReplicaSet. */
async function schedulingOf(where: Lab, app: string): Promise<(string | undefined)[]> {
  const client = await where.client('observer');
  const sets = await client
    .makeApiClient(AppsV1Api)
    .listNamespacedReplicaSet({ namespace: 'default', labelSelector: `app=${app}` });
  const pods = await client
    .makeApiClient(CoreV1Api)
    .listNamespacedPod({ namespace: 'default', labelSelector: `app=${app}` });
  const owners = new Set(sets.items.map(({ metadata }) => metadata?.uid));
  return pods.items
    .filter(({ metadata }) => metadata?.ownerReferences?.some(({ uid }) => owners.has(uid)))
    .map(({ status }) => status?.conditions?.find(({ type }) => type === 'PodScheduled')?.reason);
}

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}
