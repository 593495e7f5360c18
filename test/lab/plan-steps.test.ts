import { CustomObjectsApi } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { promote } from '../../commands/rehearsal/promote.ts';
import { compile, manifestList } from '../../core/compile/compile.ts';
import { exampleTarget } from '../../core/compile/example-target.ts';
import { stationsApart } from '../../core/compile/stations.ts';
import { rehearsalTime, type Target } from '../../core/compile/target.ts';
import { thawTemplate } from '../../core/compile/waits.ts';
import { parsePlan } from '../../core/plan.ts';
import type { Freeze } from '../../core/plan-types.ts';
import type { Lab } from '../../lab/lab.ts';
import { parseRollout } from '../../lab/observe-argo.ts';
import { apply, get, IMAGE, NAMESPACE, startDataPlaneLab, WAIT } from './data-plane-lab.ts';
import { type Harm, harmGate, startHarm } from './harm.ts';

const plan = parsePlan(
  `
service: roll
owner: team
runbook: docs/run.md
replicas: 2
phases:
  - {shadow: 100%, for: 14d}
  - {ramp: 25%, for: 7d}
  - {ramp: 50%, for: 7d}
  - {hold: Go beyond half of the stations?, for: 1d}
  - {ramp: 75%, for: 7d}
  - {ramp: 100%, for: 7d}
stations: {pinned: [{id: pinned.1}, {id: pinned+2}], kept_out: [{id: kept.1}, {id: kept 2}]}
rehearsal: {shadow: 14d, ramp: 24h}
`,
  'held.yaml',
);

let lab: Lab;
let harm: Harm;

beforeAll(async () => {
  harm = await startHarm();
  lab = await startDataPlaneLab();
});

afterAll(async () => {
  harm?.close();
  await lab?.stop();
});

/** A release of the echo server, in a time that leaves each phase some seconds. */
async function release(digit: string, freezes: Freeze[] = []): Promise<void> {
  const target: Target = {
    ...exampleTarget,
    namespace: NAMESPACE,
    image: IMAGE,
    release: `sha256:${digit.repeat(64)}`,
    stations: stationsApart(plan.stations, []),
    registry: { hostPath: { path: lab.dir } },
    states: { hostPath: { path: lab.dir } },
    prometheus_url: harm.url,
    // Of a rehearsal only the haste: its freezes would have no length.
    time: { ...rehearsalTime(200), phases: 'production' },
  };
  const frozen = { ...plan, freezes };
  await apply(lab, ...manifestList(compile(frozen, [harmGate], target)));
  // The clock is asked of the real Prometheus.
  if (freezes.length > 0) await apply(lab, thawTemplate(frozen, { ...target, prometheus_url: lab.prometheusUrl }));
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
  expect(await seen()).toMatchObject({ weight_percent: 50, phase: 'Paused', aborted: false });
}

/** Stations that a pod of the candidate answers, of those that are asked. */
async function candidates(stations: readonly string[]): Promise<string[]> {
  const { current_hash } = await seen();
  const answers = await Promise.all(
    stations.map((station) => get(`http://127.${lab.slot}.0.1:8780/forecast`, station)),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  return stations.filter((_, i) =>
    JSON.stringify(answers[i]?.body).includes(`"pod":"${plan.service}-${current_hash}-`),
  );
}

const pinned = ['pinned.1', 'pinned+2'];
const keptOut = ['kept.1', 'kept 2'];
/** Not one of those above, however the names are taken as a pattern. */
const others = Array.from({ length: 100 }, (_, n) => [`station-${n}`, `pinnedx${n}`, `keptx${n}`]).flat();

describe('Given a plan with a hold after 50 %, two stations that are pinned and two that are kept out', () => {
  test('When a release comes to the hold, Then it waits while the gates look on', async () => {
    await release('a');
    await expect.poll(async () => (await seen()).phase, WAIT).toBe('Healthy');
    await release('b');
    await reachHold();
    const before = await watched();
    await expect.poll(watched, WAIT).toBeGreaterThan(before + 2);
    expect(await seen()).toMatchObject({ weight_percent: 50, pause_reasons: ['CanaryPauseStep'] });
  });

  test('When half of the stations are the candidate’s, Then those apart have their side all the same', async () => {
    expect(await candidates([...pinned, ...keptOut])).toEqual(pinned);
    const share = (await candidates(others)).length / others.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(0.1);
  });

  test('When a person promotes it, Then it goes on to all stations, and the route of the pinned ones is gone', async () => {
    await promote(await lab.client('admin'), NAMESPACE, plan.service);
    await expect.poll(async () => (await seen()).phase, WAIT).toBe('Healthy');
    const { stable_hash, current_hash } = await seen();
    expect(stable_hash).toBe(current_hash);
    await expect.poll(routeNames, WAIT).toEqual(['primary']);
    await expect.poll(() => candidates(keptOut), WAIT).toEqual(keptOut);
  });

  test('When it does harm while it waits, Then it is aborted without anybody’s word, for the pinned stations too', async () => {
    await release('c');
    await reachHold();
    expect(await candidates(pinned)).toEqual(pinned);
    harm.now = 1;
    await expect.poll(async () => (await seen()).aborted, WAIT).toBe(true);
    await expect.poll(async () => (await seen()).weight_percent, WAIT).toBe(0);
    expect((await seen()).message).toMatch(/Background analysis phase error\/failed.*harm/);
    await expect.poll(() => candidates(pinned), WAIT).toEqual([]);
  });
});

describe('Given a freeze that began before the release', () => {
  const stepBefore10 = 3;
  /** From a minute ago for so many seconds from now on. */
  const freeze = (seconds: number): Freeze => {
    const at = (ms: number) => new Date(ms).toISOString().slice(0, 19);
    return { name: 'now', from: at(Date.now() - 60_000), to: at(Date.now() + 1000 * seconds), zone: 'UTC' };
  };

  test('When the shadow has passed, Then no station is the candidate’s until the freeze ends', async () => {
    harm.now = 0;
    const now = freeze(25);
    await release('d', [now]);
    await expect.poll(async () => (await seen()).step, WAIT).toBe(stepBefore10);
    await expect.poll(async () => (await seen()).step !== stepBefore10, WAIT).toBe(true);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(`${now.to}Z`));
    await reachHold();
  });

  test('When it does harm within one, Then it is aborted at once', async () => {
    await release('e', [freeze(3600)]);
    await expect.poll(async () => (await seen()).step, WAIT).toBe(stepBefore10);
    await expect.poll(watched, WAIT).toBeGreaterThan(2);
    harm.now = 1;
    await expect.poll(async () => (await seen()).aborted, WAIT).toBe(true);
    expect((await seen()).weight_percent).toBe(0);
  });
});

async function routeNames(): Promise<string[]> {
  const custom = (await lab.client('admin')).makeApiClient(CustomObjectsApi);
  const virtualServices = {
    group: 'networking.istio.io',
    version: 'v1',
    namespace: NAMESPACE,
    plural: 'virtualservices',
  };
  const found: { spec?: { http?: { name: string }[] } } = await custom.getNamespacedCustomObject({
    ...{ ...virtualServices, name: plan.service },
  });
  return (found.spec?.http ?? []).map(({ name }) => name);
}
