import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Gate } from '../gate.ts';
import { type Plan, parsePlan } from '../plan.ts';
import { compile } from './compile.ts';
import { exampleGate } from './example-gate.ts';
import { exampleTarget as target } from './example-target.ts';
import { rehearsalTime, type Target } from './target.ts';

const written = readFileSync(new URL('../../rollouts/forecast.yaml', import.meta.url), 'utf8');
/** The shipped plan's phases with a hold before 10 % and one before 50 %, and one after the last ramp. */
const heldPlan = parsePlan(
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
      '  - {retire: {alerts: [InputsDrift]}, for: 7d}',
      'rollback: {latency: 100}',
      'gates:',
    ].join('\n'),
  ),
  'held.yaml',
);
const held: Plan = { ...heldPlan, freezes: [] };
const plain: Plan = { ...parsePlan(written, 'forecast.yaml'), freezes: [] };
const freezes = [
  { name: 'winter', from: '2026-12-18 18:00', to: '2027-01-04', zone: 'Europe/Berlin' },
  { name: 'dusk', from: '2027-03-28 02:30', to: '2027-03-28 03:30', zone: 'Europe/Berlin' },
];

const ratio: Gate = { ...exampleGate, name: 'sample-ratio', only: 'ramp' };
const compiled = (plan: Plan = held, where: Target = target) => compile(plan, [exampleGate, ratio], where);

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
  const templates = compiled().analysisTemplates;
  const watch = templates.at(-1);
  expect(watch?.metadata?.name).toBe('forecast-watch');
  expect(watch?.spec.metrics).toHaveLength(1);
  const [metric] = watch?.spec.metrics ?? [];
  expect(metric).toMatchObject({
    name: 'latency',
    interval: '5m',
    failureLimit: 2 * (templates.length - 1),
    inconclusiveLimit: 2 ** 31 - 1,
  });
  expect(metric?.failureCondition).toContain('result[0] > 100');
  expect(metric).not.toHaveProperty('count');
  expect(metric).not.toHaveProperty('consecutiveSuccessLimit');
});

describe('a freeze', () => {
  const frozen = { ...held, freezes };
  const thaw = (where = target) => {
    const template = compiled(frozen, where).analysisTemplates.at(-1);
    expect(template?.metadata?.name).toBe('forecast-thaw');
    expect(template?.spec.metrics).toHaveLength(1);
    return template?.spec.metrics?.[0];
  };

  test('is waited out before every advance, last of all that is waited for', () => {
    const steps = compiled(frozen).rollout.spec.strategy?.canary?.steps ?? [];
    const names = steps.flatMap(({ analysis, pause }) =>
      pause === undefined ? (analysis?.templates?.[0]?.templateName ?? []) : 'hold',
    );
    expect(names).toEqual([
      ...['forecast-shadow', 'hold', 'forecast-thaw', 'forecast-ramp-10', 'forecast-thaw', 'forecast-ramp-25'],
      ...['hold', 'forecast-thaw', 'forecast-ramp-50', 'forecast-thaw', 'forecast-ramp-75'],
      ...['forecast-thaw', 'forecast-ramp-100', 'forecast-thaw'],
    ]);
    expect(compiled({ ...plain, freezes }).rollout.spec.strategy?.canary?.analysis?.startingStep).toBe(3);
  });

  test('is asked of the clock in absolute seconds, the hour that a clock leaves out included', () => {
    expect(thaw()?.provider.prometheus?.query).toBe(
      'vector((time() >= bool 1797613200) * (time() < bool 1799017200) + (time() >= bool 1806193800) * (time() < bool 1806197400))',
    );
  });

  test('is never harmful, and may be measured for as long as all of them last', () => {
    const { failureCondition, successCondition, count, inconclusiveLimit, consecutiveSuccessLimit } = thaw() ?? {};
    expect(failureCondition).toContain('(false)');
    expect(successCondition).toContain('(result[0] == 0)');
    const frozen_s = 1799017200 - 1797613200 + 3600;
    expect(count).toBe(frozen_s / 300 + 40);
    expect({ inconclusiveLimit, consecutiveSuccessLimit }).toEqual({
      inconclusiveLimit: count,
      consecutiveSuccessLimit: 1,
    });
  });

  test('has no length in a rehearsal, whose days are not the calendar’s', () => {
    const query = thaw({ ...target, time: rehearsalTime(15) })?.provider.prometheus?.query ?? '';
    expect(query.match(/\d+/g)).toEqual(['0', '0', '0', '0']);
  });
});
