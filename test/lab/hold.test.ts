import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CustomObjectsApi } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { promote } from '../../commands/rehearsal/promote.ts';
import { compile, manifestList } from '../../core/compile/compile.ts';
import { exampleTarget } from '../../core/compile/example-target.ts';
import { rehearsalTime, type Target } from '../../core/compile/target.ts';
import type { Gate } from '../../core/gate.ts';
import { parsePlan } from '../../core/plan.ts';
import type { Lab } from '../../lab/lab.ts';
import { parseRollout } from '../../lab/observe-argo.ts';
import { apply, IMAGE, NAMESPACE, startDataPlaneLab, WAIT } from './data-plane-lab.ts';

const plan = parsePlan(
  `
service: roll
owner: team
runbook: docs/run.md
replicas: 2
phases:
  - {shadow: 100%, for: 14d}
  - {ramp: 25%, for: 7d}
  - {hold: Go to half of the stations?, for: 1d}
  - {ramp: 50%, for: 7d}
  - {ramp: 75%, for: 7d}
  - {ramp: 100%, for: 7d}
rehearsal: {shadow: 14d, ramp: 24h}
`,
  'held.yaml',
);

/** Asks a Prometheus of this file's own, so that the test says when the candidate does harm. */
const harm: Gate = {
  ...{ name: 'harm', reason: 'it harms', title: 'no harm', unit: '1', threshold: 0, kind: 'serving', forgiven: 0 },
  query: ({ canary }) => `harm{${canary}}`,
  harmful: (threshold) => `x > ${threshold}`,
  good: (threshold) => `x <= ${threshold}`,
};

let lab: Lab;
let prometheus: Server;
let harmed = 0;

beforeAll(async () => {
  prometheus = createServer((_request, response) => {
    const result = [{ metric: {}, value: [Date.now() / 1000, String(harmed)] }];
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  await once(prometheus.listen(0, '127.0.0.1'), 'listening');
  lab = await startDataPlaneLab();
});

afterAll(async () => {
  prometheus.close();
  await lab?.stop();
});

/** A release of the echo server, in a time that leaves each phase some seconds. */
async function release(digit: string): Promise<void> {
  const target: Target = {
    ...exampleTarget,
    namespace: NAMESPACE,
    image: IMAGE,
    release: `sha256:${digit.repeat(64)}`,
    registry: { hostPath: { path: lab.dir } },
    prometheus_url: `http://127.0.0.1:${(prometheus.address() as AddressInfo).port}`,
    time: rehearsalTime(200),
  };
  await apply(lab, ...manifestList(compile(plan, [harm], target)));
}

const api = { group: 'argoproj.io', version: 'v1alpha1', namespace: NAMESPACE };

async function seen() {
  const custom = (await lab.client('admin')).makeApiClient(CustomObjectsApi);
  return parseRollout(await custom.getNamespacedCustomObject({ ...api, plural: 'rollouts', name: plan.service }));
}

/** Measurements of the run that looks on in the background. */
async function watched(): Promise<number> {
  const custom = (await lab.client('admin')).makeApiClient(CustomObjectsApi);
  const { items }: { items: BackgroundRun[] } = await custom.listNamespacedCustomObject({
    ...{ ...api, plural: 'analysisruns' },
    labelSelector: 'rollout-type=Background',
  });
  const open = items.filter(({ status }) => status?.phase === 'Running');
  return open[0]?.status?.metricResults?.[0]?.count ?? 0;
}
type BackgroundRun = { status?: { phase?: string; metricResults?: { count?: number }[] } };

async function reachHold(): Promise<void> {
  await expect.poll(async () => (await seen()).pause_reasons, WAIT).toEqual(['CanaryPauseStep']);
  expect(await seen()).toMatchObject({ weight_percent: 25, phase: 'Paused', aborted: false });
}

describe('Given a plan with a hold after 25 %', () => {
  test('When a release comes to it, Then it waits while the gates look on, and goes on by promotion', async () => {
    await release('a');
    await expect.poll(async () => (await seen()).phase, WAIT).toBe('Healthy');
    await release('b');
    await reachHold();
    const before = await watched();
    await expect.poll(watched, WAIT).toBeGreaterThan(before + 2);
    expect(await seen()).toMatchObject({ weight_percent: 25, pause_reasons: ['CanaryPauseStep'] });
    await promote(await lab.client('admin'), NAMESPACE, plan.service);
    await expect.poll(async () => (await seen()).phase, WAIT).toBe('Healthy');
    const { stable_hash, current_hash } = await seen();
    expect(stable_hash).toBe(current_hash);
  });

  test('When it does harm while it waits, Then it is aborted without anybody’s word', async () => {
    await release('c');
    await reachHold();
    harmed = 1;
    await expect.poll(async () => (await seen()).aborted, WAIT).toBe(true);
    await expect.poll(async () => (await seen()).weight_percent, WAIT).toBe(0);
    expect((await seen()).message).toMatch(/Background analysis phase error\/failed.*harm/);
  });
});
