import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Gate } from '../gate.ts';
import { parsePlan } from '../plan.ts';
import { compile } from './compile.ts';
import { exampleTarget as target } from './example-target.ts';

const written = readFileSync(new URL('../../rollouts/forecast.yaml', import.meta.url), 'utf8');
/** The shipped plan's phases with a hold before 10 % and one before 50 %, and one after the last ramp. */
const held = parsePlan(
  written.replace(/^phases:[\s\S]*?^gates:/m, () =>
    [
      'phases:',
      '  - {shadow: 100%, for: 14d}',
      '  - {hold: Is the shadow believed?, for: 1d}',
      '  - {ramp: 10%, for: 7d}',
      '  - {ramp: 25%, for: 14d}',
      '  - {hold: Go to half?, for: 1d}',
      '  - {ramp: 50%, for: 7d}',
      '  - {ramp: 75%, for: 14d}',
      '  - {ramp: 100%, for: 14d}',
      '  - {hold: May the old one go?, for: 7d}',
      '  - {retire: {alerts: [Old]}, for: 7d}',
      'rollback: {latency: 100}',
      'gates:',
    ].join('\n'),
  ),
  'held.yaml',
);
const plain = parsePlan(written, 'forecast.yaml');

const latency: Gate = {
  ...{ name: 'latency', reason: 'it is slow', title: 'quick', unit: 'ms', threshold: 7, kind: 'serving', forgiven: 2 },
  query: ({ canary }) => `a{${canary}}`,
  harmful: (threshold) => `x > ${threshold}`,
  good: (threshold) => `x <= ${threshold}`,
};
const ratio: Gate = { ...latency, name: 'sample-ratio', only: 'ramp' };
const compiled = (plan = held) => compile(plan, [latency, ratio], target);

test('a hold is a pause without end at its place, and what follows the last ramp is none of the controller’s', () => {
  const steps = compiled().rollout.spec.strategy?.canary?.steps ?? [];
  const kinds = steps.map((step) => ('pause' in step ? step : Object.keys(step)[0]));
  const hold = { pause: {} };
  const ramp = ['setCanaryScale', 'setWeight', 'analysis'];
  const shadow = ['setCanaryScale', 'setMirrorRoute', 'analysis'];
  expect(kinds).toEqual([
    ...[...shadow, hold, 'setMirrorRoute', ...ramp],
    ...[...ramp, hold, ...ramp, ...ramp, ...ramp],
  ]);
});

test('from the first hold on the gates look on in the background, and not before it', () => {
  const canary = compiled().rollout.spec.strategy?.canary;
  expect(canary?.analysis).toMatchObject({ templates: [{ templateName: 'forecast-watch' }], startingStep: 3 });
  expect(canary?.analysis?.args).toEqual(canary?.steps?.[2]?.analysis?.args);
  expect(compiled(plain).rollout.spec.strategy?.canary).not.toHaveProperty('analysis');
  expect(compiled(plain).analysisTemplates).toHaveLength(plain.phases.length);
});

test('the background looks for harm by every gate that does not speak of one weight, and nothing but harm ends it', () => {
  const watch = compiled().analysisTemplates.at(-1);
  expect(watch?.metadata?.name).toBe('forecast-watch');
  expect(watch?.spec.metrics).toHaveLength(1);
  const [metric] = watch?.spec.metrics ?? [];
  expect(metric).toMatchObject({ name: 'latency', interval: '5m', failureLimit: 2, inconclusiveLimit: 2 ** 31 - 1 });
  expect(metric?.failureCondition).toContain('result[0] > 100');
  expect(metric).not.toHaveProperty('count');
  expect(metric).not.toHaveProperty('consecutiveSuccessLimit');
});
