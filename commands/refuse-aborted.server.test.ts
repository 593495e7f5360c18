import { readFileSync } from 'node:fs';
import { runtime } from '@pulumi/pulumi';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exampleTarget as target } from '../core/compile/example-target.ts';
import { parsePlan } from '../core/plan.ts';
import { refuseAborted } from './refuse-aborted.ts';
import { appliedTo, stubCluster } from './stub-cluster.ts';

const text = readFileSync('rollouts/forecast.yaml', 'utf8');
const plan = parsePlan(text, 'rollouts/forecast.yaml');
const reverted = { phase: 'Healthy', stableRS: 'stable', currentPodHash: 'stable' };
const another = { ...target, release: `sha256:${'9'.repeat(64)}` };
const failed = appliedTo(text, reverted, ['canary']);

beforeEach(() =>
  runtime.setMocks({ newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) }),
);
afterEach(() => runtime.disconnect());

test('a program that would apply an aborted release ends, and goes on where the plan acknowledges it', async () => {
  await using cluster = await stubCluster(failed);
  runtime.setConfig('kubernetes:kubeconfig', cluster.kubeconfig);
  await expect(refuseAborted(plan, target)).rejects.toThrow(/^Refused: sha256:\w{12} was aborted/);
  const acknowledge = { [target.release]: 'the feed was broken, not the model' };
  await expect(refuseAborted({ ...plan, acknowledge }, target)).resolves.toEqual([target.release]);
  await expect(refuseAborted(plan, another)).resolves.toEqual([target.release]);
});

test('what somebody aborted by hand is handed on for the record, behind what it remembers', async () => {
  const byHand = { phase: 'Degraded', abort: true, stableRS: 'stable', currentPodHash: 'canary' };
  const earlier = `sha256:${'1'.repeat(64)}`;
  await using cluster = await stubCluster(appliedTo(text, byHand, [], [earlier]));
  runtime.setConfig('kubernetes:kubeconfig', cluster.kubeconfig);
  await expect(refuseAborted(plan, another)).resolves.toEqual([earlier, target.release]);
});

test('the release that serves is not remembered, whatever was acknowledged before', async () => {
  const promoted = { phase: 'Healthy', stableRS: 'canary', currentPodHash: 'canary' };
  await using cluster = await stubCluster(appliedTo(text, promoted, [], [target.release]));
  runtime.setConfig('kubernetes:kubeconfig', cluster.kubeconfig);
  await expect(refuseAborted(plan, target)).resolves.toEqual([]);
});

test('an up that cannot ask ends; a preview goes on with a warning', async () => {
  const { kubeconfig } = await stubCluster(failed).then(async (cluster) => {
    await cluster[Symbol.asyncDispose]();
    return cluster;
  });
  runtime.setConfig('kubernetes:kubeconfig', kubeconfig);
  await expect(refuseAborted(plan, target)).rejects.toThrow('cannot be asked');
  await runtime.setMocks(
    { newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) },
    'p',
    's',
    true,
  );
  await expect(refuseAborted(plan, target)).resolves.toEqual([]);
});
