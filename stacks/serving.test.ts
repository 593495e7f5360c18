import { readFileSync } from 'node:fs';
import { runtime } from '@pulumi/pulumi';
import { expect, test } from 'vitest';
import { exampleTarget } from '../core/compile/example-target.ts';
import { rehearsalTime, type Target } from '../core/compile/target.ts';
import { parseJudge } from '../core/judge/settings-file.ts';
import { parsePlan } from '../core/plan.ts';
import { canonicalJson } from '../core/release.ts';
import { type Scoring, scoringManifests } from './scoring.ts';
import { servingProgram, servingResources } from './serving.ts';
import type { ServingInputs } from './serving-manifests.ts';
import { productionOf, readSettings, type Settings } from './settings.ts';

const plan_text = readFileSync(new URL('../rollouts/forecast.yaml', import.meta.url), 'utf8');
const plan = parsePlan(plan_text, 'forecast.yaml');
const target: Target = {
  ...exampleTarget,
  registry: { hostPath: { path: '/registry' } },
  states: { hostPath: { path: '/states' } },
  prometheus_url: 'http://127.100.0.1:9090',
  scorer_url: 'http://127.100.1.3:8080',
  time: rehearsalTime(15),
};
const scoring: Scoring = {
  scorer_image: 'scorer@sha256:3',
  recomputer_image: 'model-server@sha256:1',
  data: { emptyDir: {} },
  database: 'sqlite',
  stable_url: 'http://stable',
  canary_url: 'http://canary',
  recompute_url: 'http://recompute',
};

const inputs: ServingInputs = { plan, plan_text, gates: [], target, scoring, aborted: [] };

test('Pulumi gives up the fields that Argo writes, and only those', () => {
  const ignored = servingResources(inputs).flatMap(({ name, ignoreChanges }) =>
    ignoreChanges.length > 0 ? [[name, ignoreChanges]] : [],
  );
  expect(Object.fromEntries(ignored)).toEqual({
    'Service/forecast-stable': ['spec.selector'],
    'Service/forecast-canary': ['spec.selector'],
    'VirtualService/forecast': ['spec.http'],
  });
});

test('the Rollout comes last, after everything else: it refuses to start without its Services, routes and templates', () => {
  const resources = servingResources(inputs);
  const names = resources.map(({ name }) => name);
  expect(names[0]).toBe('Namespace/forecast');
  expect(names.at(-1)).toBe('Rollout/forecast');
  expect(resources.at(-1)?.after.toSorted()).toEqual(names.slice(0, -1).toSorted());
});

test('every object reaches Pulumi under its own name and kind, and nothing is waited for', async () => {
  const registered = new Map<string, { type: string; annotations: Record<string, string> }>();
  await runtime.setMocks({
    newResource: ({ name, type, inputs: given }) => {
      registered.set(name, { type, annotations: given.metadata?.annotations ?? {} });
      return { id: name, state: given };
    },
    call: () => ({}),
  });
  const outputs = await servingProgram(inputs)();
  await runtime.disconnect();
  expect(outputs).toMatchObject({ namespace: 'forecast', rollout: 'forecast', release: target.release });
  expect([...registered.keys()].sort()).toEqual(
    servingResources(inputs)
      .map(({ name }) => name)
      .sort(),
  );
  expect(registered.get('Rollout/forecast')?.type).toBe('kubernetes:argoproj.io/v1alpha1:Rollout');
  expect(registered.get('Service/scorer')?.type).toBe('kubernetes:core/v1:Service');
  for (const [name, { annotations }] of registered)
    if (!/^(Namespace|ConfigMap)\//.test(name))
      expect(annotations, name).toMatchObject({ 'pulumi.com/skipAwait': 'true' });
});

test("the scorer is told the plan's judging, and a database address only by a secret", () => {
  const scorer = (there: Partial<Scoring>) => {
    const manifest = scoringManifests(plan, target, { ...scoring, ...there })[0];
    if (manifest?.kind !== 'Deployment') throw new Error('the scorer is no Deployment');
    return manifest.spec.template.spec.containers[0]?.env ?? [];
  };
  const judge = scorer({}).find(({ name }) => name === 'JUDGE')?.value ?? '';
  expect(parseJudge(judge, 'JUDGE')).toEqual(plan.judge);
  expect(judge).toBe(canonicalJson(plan.judge));
  expect(scorer({}).map(({ name }) => name)).not.toContain('DATABASE_URL');
  const postgresql = scorer({ database: 'postgresql' });
  expect(postgresql.find(({ name }) => name === 'DATABASE_URL')).toEqual({
    name: 'DATABASE_URL',
    valueFrom: { secretKeyRef: { name: 'scorer-database', key: 'url' } },
  });
  expect(postgresql.find(({ name }) => name === 'JUDGE')?.value).toContain('"database":"postgresql"');
});

const none = { pinned: [], kept_out: [] };
const settings: Settings = {
  plan: 'rollouts/forecast.yaml',
  namespace: 'forecast',
  image: target.image,
  scorerImage: `scorer@sha256:${'4'.repeat(64)}`,
  release: target.release,
  arm: 'control',
  backtested: 'false',
  prometheusUrl: 'http://prometheus:9090',
  registryClaim: 'registry',
  statesClaim: 'states',
  scorerClaim: 'scorer',
};

test('settings name every fault at once, and an image without its digest is one', () => {
  const faulty: Partial<Settings> = { ...settings, image: 'model-server:latest', backtested: 'perhaps' };
  delete faulty.release;
  expect(() => readSettings((key) => faulty[key], 'Pulumi.test.yaml')).toThrow(
    [
      'Pulumi.test.yaml: gridramp:image is "model-server:latest"; set gridramp:image to something like NAME@sha256:<64 hex digits>',
      'Pulumi.test.yaml: gridramp:release is not set; set gridramp:release to something like sha256:<64 hex digits>',
      'Pulumi.test.yaml: gridramp:backtested is "perhaps"; set gridramp:backtested to something like true',
    ].join('\n'),
  );
});

test('a cluster may have a store of models and a collector of traces; half of either is a fault', () => {
  const read = (more: Partial<Settings>) => {
    const all: Partial<Settings> = { ...settings, ...more };
    return readSettings((key) => all[key], 'Pulumi.test.yaml');
  };
  const of = (more: Partial<Settings>) => productionOf(plan, read(more), none).target;
  expect(of({})).not.toHaveProperty('model_store');
  expect(of({})).not.toHaveProperty('traces');
  const store = { modelStore: 'oci://registry/models', modelStoreSecret: 'registry-keys' };
  expect(of(store).model_store).toEqual({ address: 'oci://registry/models', secret: 'registry-keys' });
  expect(of({ tracesEndpoint: 'http://otel:4318', tracesShare: '0.01' }).traces).toEqual({
    endpoint: 'http://otel:4318',
    share: '0.01',
  });
  expect(() => read({ modelStoreSecret: 'registry-keys', tracesShare: '2' })).toThrow(
    [
      'Pulumi.test.yaml: gridramp:tracesShare is "2"; set gridramp:tracesShare to something like 0.01',
      'Pulumi.test.yaml: gridramp:modelStoreSecret is set, and gridramp:modelStore is not; set gridramp:modelStore to something like oci://registry.example/grid/models, or remove it',
      'Pulumi.test.yaml: gridramp:tracesShare is set, and gridramp:tracesEndpoint is not; set gridramp:tracesEndpoint to something like http://otel-collector.monitoring.svc:4318, or remove it',
    ].join('\n'),
  );
});

test('every pod that reads models is told where else they lie, and its keys by a Secret alone', () => {
  const model_store = { address: 's3://models', secret: 'keys' };
  for (const [there, found] of [
    [{ ...target, model_store }, 3],
    [target, 0],
  ] as const) {
    const text = JSON.stringify(servingResources({ ...inputs, target: there }));
    expect(text.split('{"name":"MODEL_STORE","value":"s3://models"}').length - 1).toBe(found);
    expect(text.split('"envFrom":[{"secretRef":{"name":"keys"}}]').length - 1).toBe(found);
  }
});

test('pods may ask the store and the collector at their ports', () => {
  const portsOf = (more: Partial<Target>) =>
    Object.fromEntries(
      servingResources({ ...inputs, target: { ...target, ...more } }).flatMap(({ name, manifest }) =>
        manifest.kind === 'NetworkPolicy'
          ? [[name.split('/')[1], manifest.spec.egress[3]?.ports.map(({ port }) => port)]]
          : [],
      ),
    );
  expect(portsOf({})).toMatchObject({ forecast: undefined, recompute: undefined, 'forecast-retraining': undefined });
  const traces = { endpoint: 'http://otel:4318' };
  expect(portsOf({ model_store: { address: 'oci://registry/models' }, traces })).toMatchObject({
    ...{ forecast: [443, 4318], recompute: [443], 'forecast-retraining': [443], scorer: undefined },
  });
  expect(portsOf({ model_store: { address: 's3://models/grid' } }).recompute).toEqual([443]);
  expect(portsOf({ model_store: { address: 'oci+http://registry:5000/models' } }).recompute).toEqual([5000]);
  expect(portsOf({ model_store: { address: 'oci+http://registry/models' } }).recompute).toEqual([80]);
});

test('a shadow too short for a release without a backtest is refused, with both ways out', () => {
  const written = readFileSync(new URL('../rollouts/forecast.yaml', import.meta.url), 'utf8');
  const shadowOf = (length: string) =>
    parsePlan(written.replace('- shadow: 100%\n    for: 14d', `- shadow: 100%\n    for: ${length}`), 'forecast.yaml');
  expect(() => productionOf(shadowOf('11d'), settings, none)).toThrow(
    'rollouts/forecast.yaml phases[1].for: a shadow of 11d can only end inconclusive while gridramp:backtested is "false": the guard alone must then say that the release is safe; write at least 12d, or backtest the release and set gridramp:backtested to "true"',
  );
  expect(productionOf(shadowOf('12d'), settings, none).target.backtested).toBe(false);
  expect(productionOf(shadowOf('11d'), { ...settings, backtested: 'true' }, none).target.backtested).toBe(true);
});

test("pods' arm is the default one of the plan", () => {
  expect(() => productionOf(plan, { ...settings, arm: 'ensemble' }, none)).toThrow(
    'arms.default: "control" is not gridramp:arm, which is "ensemble"; set gridramp:arm to "control", or correct the plan',
  );
});

test('in production every address is a Service of the namespace', () => {
  const { target: there, scoring: beside } = productionOf(
    plan,
    readSettings((key) => settings[key], 'Pulumi.test.yaml'),
    none,
  );
  expect(there).toMatchObject({ backtested: false, time: { phases: 'production' } });
  for (const url of [there.scorer_url, beside.stable_url, beside.canary_url, beside.recompute_url])
    expect(url).toMatch(/^http:\/\/[a-z-]+\.forecast\.svc\.cluster\.local:\d+$/);
});
