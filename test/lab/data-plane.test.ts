import { CoreV1Api, CustomObjectsApi, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Lab } from '../../lab/lab.ts';
import { readFrom } from '../../lab/process-log.ts';
import {
  apply,
  deployment,
  get,
  IMAGE,
  NAMESPACE,
  service,
  startDataPlaneLab,
  template,
  urlOf,
  WAIT,
  weightsOf,
} from './data-plane-lab.ts';

const stations = Array.from({ length: 400 }, (_, n) => `station-${n}`);
const route = (stable: number, canary: number) => [
  { destination: { host: 'stable' }, weight: stable },
  { destination: { host: 'canary' }, weight: canary },
];
/** As Argo Rollouts writes it, before the primary route. */
const shadow = (stable: number, canary: number) => ({
  name: 'shadow',
  match: [{ uri: { prefix: '/' } }],
  route: route(stable, canary),
  mirror: { host: 'canary' },
  mirrorPercentage: { value: 100 },
});

let lab: Lab;
let ingress: string;

beforeAll(async () => {
  lab = await startDataPlaneLab();
  ingress = `http://127.${lab.slot}.0.1:8780`;
  await apply(lab, service('stable'), service('canary'), virtualService(100, 0), sticky);
  for (const side of ['stable', 'canary']) await apply(lab, deployment(side, 1, { env: { SIDE: side } }));
  for (const side of ['stable', 'canary'])
    await vi.waitUntil(async () => (await statusOf(serviceUrl(side))) === 200, WAIT);
});

afterAll(async () => {
  await lab?.stop();
});

describe('Given a VirtualService whose weights move from 10 to 100 %', () => {
  const cohorts = new Map<number, Set<string>>([[0, new Set()]]);

  test.each([10, 25, 50, 75, 100])(
    'When the canary has %i %, Then no station flips and the cohort holds the one before',
    async (weight) => {
      await apply(lab, virtualService(100 - weight, weight));
      await expect.poll(() => weightsOf(lab).at(-1)?.primary, WAIT).toEqual({ stable: 100 - weight, canary: weight });
      const passes = [await canaryCohort(), await canaryCohort(), await canaryCohort()];
      expect(passes[1]).toEqual(passes[0]);
      expect(passes[2]).toEqual(passes[0]);
      const before = cohorts.get([...cohorts.keys()].at(-1) ?? 0) ?? new Set();
      const cohort = passes[0] ?? new Set();
      expect([...before].filter((station) => !cohort.has(station))).toEqual([]);
      expect(Math.abs((100 * cohort.size) / stations.length - weight)).toBeLessThanOrEqual(5);
      cohorts.set(weight, cohort);
    },
  );

  test('When it is set back to 0, Then every station is back on the stable version', async () => {
    await apply(lab, virtualService(100, 0));
    await expect.poll(() => weightsOf(lab).at(-1)?.primary, WAIT).toEqual({ stable: 100, canary: 0 });
    expect(await canaryCohort()).toEqual(new Set());
  });
});

describe('Given a shadow route before the primary one', () => {
  test('When stations ask, Then the stable version answers and the canary sees each request once, under its own host', async () => {
    await apply(lab, virtualService(100, 0, [shadow(100, 0)]));
    await expect.poll(() => weightsOf(lab).at(-1)?.mirror, WAIT).toBe(true);
    const canary = await podUrl('canary');
    await get(`${canary}/forget`);
    expect(await canaryCohort()).toEqual(new Set());
    const asked = stations.toSorted();
    await expect
      .poll(() => seenBy(canary).then((seen) => seen.map(({ station }) => station).sort()), WAIT)
      .toEqual(asked);
    expect(new Set((await seenBy(canary)).map(({ host }) => host))).toEqual(new Set([new URL(ingress).host]));
  });

  test('When it takes part in a ramp, Then it is as sticky as the primary route', async () => {
    await apply(lab, virtualService(75, 25, [shadow(75, 25)]));
    await expect.poll(() => weightsOf(lab).at(-1)?.primary.canary, WAIT).toBe(25);
    const first = await canaryCohort();
    expect(await canaryCohort()).toEqual(first);
    expect(Math.abs(first.size - 100)).toBeLessThanOrEqual(20);
    await apply(lab, virtualService(100, 0));
    await expect.poll(() => weightsOf(lab).at(-1), WAIT).toMatchObject({ primary: { canary: 0 }, mirror: false });
  });
});

describe('Given a Service with one pod', () => {
  test('When the pod stops being ready, Then callers get 503 at once, and answers again when it is', async () => {
    const pod = await podUrl('stable');
    await get(`${pod}/unready`);
    await expect.poll(() => statusOf(serviceUrl('stable')), WAIT).toBe(503);
    await get(`${pod}/ready`);
    await expect.poll(() => statusOf(serviceUrl('stable')), WAIT).toBe(200);
  });

  test('When it gets a second one, Then calls go to both in turn', async () => {
    await apply(lab, deployment('stable', 2, { env: { SIDE: 'stable' } }));
    const answering = async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => get(serviceUrl('stable'))));
      return new Set(answers.map(({ body }) => JSON.stringify(body))).size;
    };
    await expect.poll(answering, WAIT).toBe(2);
  });
});

describe('Given a VirtualService that asks for what the translator does not know', () => {
  test('When it is applied, Then the log names the field, the last good routes stay, and endpoints still follow', async () => {
    const faulty = {
      name: 'primary',
      route: route(0, 100),
      fault: { abort: { httpStatus: 500, percentage: { value: 100 } } },
    };
    await apply(lab, virtualService(100, 0, [faulty]));
    const named = `VirtualService ${NAMESPACE}/echo spec.http[0].fault`;
    await expect.poll(() => readFrom(lab.runner.logOf('translator'), 0).includes(named), WAIT).toBe(true);
    await apply(lab, deployment('stable', 0, { env: { SIDE: 'stable' } }));
    await expect.poll(() => statusOf(ingress), WAIT).toBe(503);
    await apply(lab, deployment('stable', 1, { env: { SIDE: 'stable' } }), virtualService(100, 0));
    await expect.poll(() => statusOf(ingress), WAIT).toBe(200);
  });
});

describe('Given that a part of the data plane is killed', () => {
  test.each(['envoy', 'translator'])(
    'When it is %s, Then it comes back and a new weight takes effect',
    async (name) => {
      const ready = lab.runner.next(name, 'ready');
      process.kill(lab.runner.pidOf(name) ?? 0, 'SIGKILL');
      await ready;
      const weight = name === 'envoy' ? 50 : 25;
      await apply(lab, virtualService(100 - weight, weight));
      await expect.poll(() => weightsOf(lab).at(-1)?.primary.canary, WAIT).toBe(weight);
      expect(Math.abs((await canaryCohort()).size - 4 * weight)).toBeLessThanOrEqual(20);
      await apply(lab, virtualService(100, 0));
      await expect.poll(() => weightsOf(lab).at(-1)?.primary.canary, WAIT).toBe(0);
    },
  );
});

describe('Given a Rollout that shadows and then ramps', () => {
  test('When a new version is released, Then Envoy confirms what Argo wrote, step by step', async () => {
    await apply(lab, rollout('v1'), service('stable', { app: 'roll' }), service('canary', { app: 'roll' }));
    await expect.poll(() => phaseOf('roll'), WAIT).toBe('Healthy');
    const from = weightsOf(lab).length;
    await apply(lab, rollout('v2'));
    await expect.poll(() => phaseOf('roll'), WAIT).toBe('Progressing');
    await expect.poll(() => phaseOf('roll'), WAIT).toBe('Healthy');
    await expect.poll(() => weightsOf(lab).at(-1), WAIT).toMatchObject({ primary: { canary: 0 }, mirror: false });
    expect(changesSince(from)).toMatch(/^0 mirrored, 25 mirrored, 100 mirrored, (100, |0 mirrored, )?0$/);
    expect(await get(ingress)).toMatchObject({ status: 200, body: { side: 'v2' } });
  });

  test('When the next version is aborted at 25 %, Then Envoy is back at 0 without a shadow', async () => {
    const from = weightsOf(lab).length;
    await apply(lab, rollout('v3'));
    await expect.poll(() => weightsOf(lab).at(-1)?.primary.canary, WAIT).toBe(25);
    await abort('roll');
    await expect.poll(() => weightsOf(lab).at(-1), WAIT).toMatchObject({ primary: { canary: 0 }, mirror: false });
    expect(changesSince(from)).toMatch(/^0 mirrored, 25 mirrored, (0 mirrored, |25, )?0$/);
    expect(await get(ingress)).toMatchObject({ status: 200, body: { side: 'v2' } });
  });
});

/** Each confirmed state since the log had `from` lines, as "25 mirrored". */
function changesSince(from: number): string {
  return weightsOf(lab)
    .slice(from)
    .map(({ primary, mirror }) => `${primary.canary}${mirror ? ' mirrored' : ''}`)
    .join(', ');
}

const sticky = {
  apiVersion: 'networking.istio.io/v1alpha3',
  kind: 'EnvoyFilter',
  metadata: { name: 'echo', namespace: NAMESPACE },
  spec: {
    configPatches: ['shadow', 'primary'].map((name) => ({
      applyTo: 'HTTP_ROUTE',
      match: { context: 'ANY', routeConfiguration: { vhost: { name: 'echo:443', route: { name } } } },
      patch: {
        operation: 'MERGE',
        value: {
          route: {
            hash_policy: [{ header: { header_name: 'x-station-id' } }],
            weighted_clusters: { use_hash_policy: true },
          },
        },
      },
    })),
  },
};

function virtualService(stable: number, canary: number, before: object[] = []) {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'echo', namespace: NAMESPACE },
    spec: { hosts: ['echo'], http: [...before, { name: 'primary', route: route(stable, canary) }] },
  };
}

function rollout(side: string) {
  // Each state must last until the translator has seen Envoy confirm it, also on a busy machine.
  const steps = [
    { setCanaryScale: { replicas: 1 } },
    { setMirrorRoute: { name: 'shadow', percentage: 100, match: [{ path: { prefix: '/' } }] } },
    { pause: { duration: '3s' } },
    { setWeight: 25 },
    { pause: { duration: '3s' } },
  ];
  const trafficRouting = {
    istio: { virtualService: { name: 'echo', routes: ['primary'] } },
    managedRoutes: [{ name: 'shadow' }],
  };
  const canary = { stableService: 'stable', canaryService: 'canary', trafficRouting, steps };
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'roll', namespace: NAMESPACE },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'roll' } },
      template: template('roll', { env: { SIDE: side }, image: IMAGE }),
      strategy: { canary },
    },
  };
}

const rollouts = { group: 'argoproj.io', version: 'v1alpha1', namespace: NAMESPACE, plural: 'rollouts' };

async function phaseOf(name: string): Promise<string> {
  const api = (await lab.client('admin')).makeApiClient(CustomObjectsApi);
  const found: { status?: { phase?: string } } = await api.getNamespacedCustomObject({ ...rollouts, name });
  return found.status?.phase ?? '';
}

async function abort(name: string): Promise<void> {
  const api = (await lab.client('admin')).makeApiClient(CustomObjectsApi);
  const merge = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
  await api.patchNamespacedCustomObjectStatus({ ...rollouts, name, body: { status: { abort: true } } }, merge);
}

/** Stations that the canary answers. */
async function canaryCohort(): Promise<Set<string>> {
  const answers = await Promise.all(
    stations.map(async (station) => ({ station, ...(await get(`${ingress}/forecast`, station)) })),
  );
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  return new Set(
    answers.filter(({ body }) => JSON.stringify(body).includes('"side":"canary"')).map(({ station }) => station),
  );
}

async function statusOf(url: string): Promise<number> {
  return get(url).then(
    ({ status }) => status,
    () => 0,
  );
}

async function podUrl(app: string): Promise<string> {
  const api = (await lab.client('admin')).makeApiClient(CoreV1Api);
  const { items } = await api.listNamespacedPod({ namespace: NAMESPACE, labelSelector: `app=${app}` });
  expect(items).toHaveLength(1);
  return items[0] === undefined ? '' : urlOf(items[0]);
}

async function seenBy(pod: string): Promise<{ station: string; host: string }[]> {
  return (await get(`${pod}/seen`)).body as { station: string; host: string }[];
}

function serviceUrl(name: string): string {
  return `http://127.${lab.slot}.1.${name === 'stable' ? 1 : 2}:8780`;
}
