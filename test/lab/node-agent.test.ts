import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CoreV1Api, type V1ContainerStatus, type V1Pod } from '@kubernetes/client-node';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PORT } from '../../core/workload.ts';
import type { Lab } from '../../lab/lab.ts';
import { POD_MARK } from '../../lab/pod-process.ts';
import {
  agentDir,
  apply,
  deployment,
  get,
  NAMESPACE,
  type PodOptions,
  pod,
  startDataPlaneLab,
  urlOf,
  WAIT,
} from './data-plane-lab.ts';

let lab: Lab;
let core: CoreV1Api;

beforeAll(async () => {
  lab = await startDataPlaneLab();
  core = (await lab.client('admin')).makeApiClient(CoreV1Api);
});

afterEach(async () => {
  await core.deleteCollectionNamespacedPod({ namespace: NAMESPACE });
  await expect.poll(podNames, WAIT).toEqual([]);
  await expect.poll(() => markedProcesses(), WAIT).toEqual([]);
});

afterAll(async () => {
  await lab?.stop();
});

describe('Given a pod that the scheduler has bound', () => {
  test('When it starts, Then its process is told of itself by the downward API and of real folders instead of mounted ones', async () => {
    const container = {
      args: ['serve', '/models/one', '$(MODEL)', '$$(MODEL)', '$(UNKNOWN)'],
      volumeMounts: [
        { name: 'scratch', mountPath: '/models' },
        { name: 'host', mountPath: '/models/shared' },
      ],
    };
    const volumes = [
      { name: 'scratch', emptyDir: {} },
      { name: 'host', hostPath: { path: '/usr' } },
    ];
    const env = { MODEL: '/models/shared/share', BESIDE: '/modelsbeside', TEXT: '$(POD_NAME) of $(MODEL)' };
    const { url, found } = await start('told', { env, container, spec: { volumes } });
    const scratch = join(agentDir(lab), 'pods', found.metadata?.uid ?? '', 'volumes', 'scratch');
    const { body } = await get(`${url}/self`);
    expect(body).toMatchObject({
      args: ['serve', join(scratch, 'one'), '/usr/share', '$(MODEL)', '$(UNKNOWN)'],
      env: { HOST: new URL(url).hostname, POD_NAME: 'told', MODEL: '/usr/share', BESIDE: '/modelsbeside' },
    });
    expect(found.status?.podIP).toBe(new URL(url).hostname.replace(/^127/, '10'));
  });

  test('When it asks for a GPU and tolerates its taint, Then it runs on the GPU node, and without the toleration nowhere', async () => {
    const container = { resources: { limits: { 'nvidia.com/gpu': '1' } } };
    const tolerations = [{ key: 'nvidia.com/gpu', operator: 'Exists' }];
    const { found } = await start('tolerant', { container, spec: { tolerations } });
    expect(found.spec?.nodeName).toBe('gpu-0');
    await apply(lab, pod('intolerant', { container }));
    const scheduled = async () =>
      (await read('intolerant')).status?.conditions?.find(({ type }) => type === 'PodScheduled')?.reason;
    await expect.poll(scheduled, WAIT).toBe('Unschedulable');
  });

  test('When its process crashes, Then it is started again, and the status says how it ended', async () => {
    const { url } = await start('crashing');
    await get(`${url}/crash`).catch(() => undefined);
    await expect
      .poll(() => containerOf('crashing'), WAIT)
      .toMatchObject({
        ready: true,
        restartCount: 1,
        lastState: { terminated: { exitCode: 7, reason: 'Error' } },
      });
  });

  test('When it fails again and again, Then it waits longer and longer in CrashLoopBackOff', async () => {
    await apply(lab, pod('failing', { container: { command: ['node', '-e', 'process.exit(3)'] } }));
    await expect.poll(async () => (await containerOf('failing'))?.restartCount ?? 0, WAIT).toBeGreaterThanOrEqual(3);
    await expect
      .poll(async () => (await containerOf('failing'))?.state?.waiting?.reason, WAIT)
      .toBe('CrashLoopBackOff');
  });

  test('When its liveness probe fails, Then it is restarted', async () => {
    const livenessProbe = { httpGet: { path: '/readyz', port: PORT }, periodSeconds: 1, failureThreshold: 1 };
    const { url } = await start('sick', { container: { livenessProbe } });
    await get(`${url}/unready`);
    await expect.poll(() => containerOf('sick'), WAIT).toMatchObject({ ready: true, restartCount: 1 });
  });

  test('When it may not be restarted and ends well, Then it has succeeded', async () => {
    await apply(lab, pod('once', { container: { command: ['node', '-e', ''] }, spec: { restartPolicy: 'Never' } }));
    await expect.poll(async () => (await read('once')).status?.phase, WAIT).toBe('Succeeded');
  });
});

describe('Given a pod that cannot be started', () => {
  test.each<[string, PodOptions, string, RegExp]>([
    [
      'an unknown image',
      { image: 'lab/none:1' },
      'ErrImagePull',
      /"lab\/none:1" is not in .*images\.json; there are: lab\/echo:1/,
    ],
    ['no command', { image: 'lab/empty:1' }, 'CreateContainerConfigError', /has no command/],
    [
      'a program that does not exist',
      { container: { command: ['/none'] } },
      'RunContainerError',
      /\/none in .* could not be started/,
    ],
    [
      'a probe of another kind',
      { container: { livenessProbe: { exec: { command: ['true'] } } } },
      'CreateContainerConfigError',
      /other than httpGet/,
    ],
    [
      'a missing ConfigMap',
      { container: { env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'none', key: 'x' } } }] } },
      'CreateContainerConfigError',
      /there is no ConfigMap "none"/,
    ],
  ])('When it has %s, Then its status says so', async (_what, options, reason, message) => {
    await apply(lab, pod('faulty', options));
    await expect
      .poll(async () => (await containerOf('faulty'))?.state?.waiting, WAIT)
      .toMatchObject({ reason, message: expect.stringMatching(message) });
    expect((await read('faulty')).status?.phase).toBe('Pending');
  });
});

describe('Given a pod that is deleted', () => {
  test('When its process does not end at SIGTERM, Then it is killed after its grace, its folder goes, and its address rests', async () => {
    const { found } = await start('stubborn', { env: { LINGER: 'yes' } });
    await core.deleteNamespacedPod({ name: 'stubborn', namespace: NAMESPACE });
    await expect.poll(podNames, WAIT).toEqual([]);
    expect(markedProcesses()).toEqual([]);
    expect(existsSync(join(agentDir(lab), 'pods', found.metadata?.uid ?? ''))).toBe(false);
    const next = await start('next');
    expect(next.found.status?.podIP).not.toBe(found.status?.podIP);
  });

  test('When it is forced out of the API, Then its process ends all the same', async () => {
    await start('forced', { env: { LINGER: 'yes' } });
    await core.deleteNamespacedPod({ name: 'forced', namespace: NAMESPACE, gracePeriodSeconds: 0 });
    await expect.poll(() => markedProcesses(), WAIT).toEqual([]);
  });
});

describe('Given that the agent is killed', () => {
  test('When the next one comes, Then it adopts what runs, notices what ended, ends what was deleted, and starts what is new', async () => {
    const kept = await start('kept');
    const ended = await start('ended');
    const gone = await start('gone', { env: { LINGER: 'yes' } });
    const restarted = lab.runner.next('node-agent', 'restarted');
    // Stopped before it is killed, so that nothing of what follows can be its work.
    const agent = lab.runner.pidOf('node-agent') ?? 0;
    process.kill(agent, 'SIGSTOP');
    process.kill(await pidOf(ended.url), 'SIGKILL');
    await core.deleteNamespacedPod({ name: 'gone', namespace: NAMESPACE, gracePeriodSeconds: 0 });
    await apply(lab, pod('new'));
    const pid = await pidOf(kept.url);
    process.kill(agent, 'SIGKILL');
    await restarted;

    await expect.poll(() => containerOf('new'), WAIT).toMatchObject({ ready: true });
    await expect
      .poll(() => containerOf('ended'), WAIT)
      .toMatchObject({
        ready: true,
        restartCount: 1,
        lastState: { terminated: { reason: 'ContainerStatusUnknown' } },
      });
    expect(await pidOf(kept.url)).toBe(pid);
    expect(await containerOf('kept')).toMatchObject({ ready: true, restartCount: 0 });
    await expect.poll(() => markedProcesses(gone.found.metadata?.uid), WAIT).toEqual([]);
    const addresses = await Promise.all(['kept', 'ended', 'new'].map(async (name) => (await read(name)).status?.podIP));
    expect(new Set([...addresses, gone.found.status?.podIP]).size).toBe(4);

    process.kill(pid, 'SIGKILL');
    await expect.poll(() => containerOf('kept'), WAIT).toMatchObject({ ready: true, restartCount: 1 });
  });

  test('When it is killed again and again under a busy Deployment, Then in the end exactly its pods run', async () => {
    // Three kills: with the one before they stay below what the runner forgives in a minute.
    for (const replicas of [5, 1, 2]) {
      await apply(lab, deployment('busy', replicas));
      const ready = lab.runner.next('node-agent', 'ready');
      process.kill(lab.runner.pidOf('node-agent') ?? 0, 'SIGKILL');
      await ready;
    }
    await expect.poll(readyPods, WAIT).toHaveLength(2);
    await expect.poll(() => markedProcesses().length, WAIT).toBe(2);
    await apply(lab, deployment('busy', 0));
  });
});

async function start(name: string, options?: PodOptions): Promise<{ url: string; found: V1Pod }> {
  await apply(lab, pod(name, options));
  await expect.poll(async () => (await containerOf(name))?.ready, WAIT).toBe(true);
  const found = await read(name);
  return { url: urlOf(found), found };
}

function read(name: string): Promise<V1Pod> {
  return core.readNamespacedPod({ name, namespace: NAMESPACE });
}

async function containerOf(name: string): Promise<V1ContainerStatus | undefined> {
  return (await read(name)).status?.containerStatuses?.[0];
}

async function podNames(): Promise<(string | undefined)[]> {
  return (await core.listNamespacedPod({ namespace: NAMESPACE })).items.map(({ metadata }) => metadata?.name);
}

async function readyPods(): Promise<V1Pod[]> {
  const { items } = await core.listNamespacedPod({ namespace: NAMESPACE });
  return items.filter(({ status }) =>
    status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  );
}

async function pidOf(url: string): Promise<number> {
  const { body } = await get(url);
  return (body as { pid: number }).pid;
}

/** Processes of this lab's pods, or of one of them; ended ones that nobody has reaped have no environment. */
function markedProcesses(uid = ''): string[] {
  const mark = `${POD_MARK}=${join(agentDir(lab), 'pods', uid)}`;
  return readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && environOf(name).some((entry) => entry.startsWith(mark)),
  );
}

function environOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
