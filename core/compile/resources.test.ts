import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parsePlan } from '../plan.ts';
import type { PodResources } from '../plan-types.ts';
import { exampleTarget } from './example-target.ts';
import { podTemplate } from './pod.ts';

const plan = parsePlan(readFileSync(new URL('../../rollouts/forecast.yaml', import.meta.url), 'utf8'), 'forecast.yaml');

function specOf(serving: Partial<PodResources>) {
  const { spec } = podTemplate(
    { ...plan, resources: { ...plan.resources, serving: { ...plan.resources.serving, ...serving } } },
    exampleTarget,
  );
  return { ...spec, resources: spec.containers[0]?.resources };
}

test.each([
  [
    { cpu: '1', memory: '1Gi' },
    { cpu: '2', memory: '2Gi' },
  ],
  [
    { cpu: '500m', memory: '512Mi' },
    { cpu: '1', memory: '1Gi' },
  ],
  // What is doubled may fit into the next unit, where Kubernetes would put it.
  [
    { cpu: '500', memory: '512Gi' },
    { cpu: '1k', memory: '1Ti' },
  ],
  [
    { cpu: '250m', memory: '300Mi' },
    { cpu: '500m', memory: '600Mi' },
  ],
])('of %o the limits are twice as much, in the form that the API server keeps', (requests, limits) => {
  expect(specOf(requests).resources).toEqual({ requests, limits });
});

test('a GPU is a pod’s own, and its node may be one that is kept for GPUs', () => {
  const { resources, tolerations, nodeSelector } = specOf({ gpus: 2 });
  expect(resources?.requests).toMatchObject({ 'nvidia.com/gpu': '2' });
  expect(resources?.limits).toMatchObject({ 'nvidia.com/gpu': '2' });
  expect(tolerations).toEqual([{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }]);
  expect(nodeSelector).toBeUndefined();
});

test('a pool is chosen by its label, and its taint tolerated', () => {
  const { nodeSelector, tolerations } = specOf({ node_pool: 'batch' });
  expect(nodeSelector).toEqual({ 'gridramp.io/pool': 'batch' });
  expect(tolerations).toEqual([{ key: 'gridramp.io/pool', operator: 'Equal', value: 'batch', effect: 'NoSchedule' }]);
});

test('without either nothing is said of nodes', () => {
  const spec = specOf({});
  expect(spec).not.toHaveProperty('nodeSelector');
  expect(spec).not.toHaveProperty('tolerations');
});
