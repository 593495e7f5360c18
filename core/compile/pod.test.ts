import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parsePlan } from '../plan.ts';
import { exampleTarget } from './example-target.ts';
import { podTemplate } from './pod.ts';
import type { Target } from './target.ts';

const plan = parsePlan(readFileSync(new URL('../../rollouts/forecast.yaml', import.meta.url), 'utf8'), 'forecast.yaml');
const containerOf = (more: Partial<Target>) => {
  const [container] = podTemplate(plan, { ...exampleTarget, ...more }).spec.containers;
  if (container === undefined) throw new Error('the pod has no container');
  return container;
};
/** Variables that a pod has more of than one of a cluster that has nothing but what it must have. */
const added = (more: Partial<Target>) => {
  const usual = containerOf({}).env.map(({ name }) => name);
  const others = containerOf(more).env.filter(({ name }) => !usual.includes(name));
  return Object.fromEntries(others.map(({ name, value }) => [name, value]));
};

test('where the cluster has a collector, spans go there under the name of the service', () => {
  const endpoint = 'http://otel:4318';
  expect(added({ traces: { endpoint } })).toEqual({
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_SERVICE_NAME: 'forecast',
  });
  expect(added({ traces: { endpoint, share: '0.01' } })).toMatchObject({
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.01',
  });
});

test('where it has a store of models, pods are told of it, and of its keys by a Secret alone', () => {
  const address = 'oci://registry/models';
  expect(added({ model_store: { address } })).toEqual({ MODEL_STORE: address });
  expect(containerOf({ model_store: { address } })).not.toHaveProperty('envFrom');
  expect(containerOf({ model_store: { address, secret: 'keys' } }).envFrom).toEqual([{ secretRef: { name: 'keys' } }]);
});
