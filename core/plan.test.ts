import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defaultJudge } from './judge/settings.ts';
import schema from './plan.schema.json' with { type: 'json' };
import { parsePlan } from './plan.ts';

const file = 'rollouts/forecast.yaml';
const shipped = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

const small = `service: forecast
owner: forecasting
runbook: docs/runbook.md
replicas: 2
phases:
  - shadow: 100%
    for: 14d
  - ramp: 25%
    for: 7d
  - ramp: 50%
    for: 7d
  - ramp: 75%
    for: 7d
  - ramp: 100%
    for: 24h
gates:
  latency:
    threshold: 50
rehearsal:
  shadow: 14d
  ramp: 24h
`;

/** The small plan with one text in place of another. */
function but(old: string, replacement: string): string {
  expect(small).toContain(old);
  return small.replace(old, replacement);
}

test('the shipped plan carries the strategy: its phases in its 13 weeks', () => {
  const { steps, phases, replicas, rehearsal } = parsePlan(shipped, file);
  expect(steps.map(({ name, hours }) => [name, hours / 24])).toEqual([
    ['prepare-1', 14],
    ['shadow', 14],
    ['ramp-10', 7],
    ['ramp-25', 14],
    ['ramp-50', 7],
    ['ramp-75', 14],
    ['ramp-100', 14],
    ['hold-1', 2],
    ['retire-1', 1],
    ['assess', 4],
  ]);
  expect(steps.reduce((hours, step) => hours + step.hours, 0)).toBe(13 * 7 * 24);
  expect(phases.map(({ name }) => name)).toEqual(['shadow', 'ramp-10', 'ramp-25', 'ramp-50', 'ramp-75', 'ramp-100']);
  expect(replicas).toBeGreaterThanOrEqual(2);
  expect(rehearsal).toEqual({ shadow_hours: 336, ramp_hours: 24 });
});

test('the shipped plan carries the strategy: its team, its criteria, and who is on call at its milestones', () => {
  const { team, success, gates, steps, evidence, trainings, retraining } = parsePlan(shipped, file);
  expect(Object.keys(team).sort()).toEqual(['data-engineers', 'devops', 'ml-engineers', 'product', 'qa', 'ux']);
  expect(success).toEqual({
    ...{ accuracy_percent: 15, outcome_percent: 10, latency_ms: 10 },
    feedback: { score: 3.5, answers: 30 },
  });
  expect(gates.latency?.threshold).toBe(100);
  const milestones = steps.filter(({ kind }) => ['shadow', 'ramp', 'hold', 'retire'].includes(kind));
  expect(milestones.filter(({ on_call }) => on_call.length === 0)).toEqual([]);
  expect(evidence.retain_hours).toBeGreaterThanOrEqual(2 * 365 * 24);
  expect(trainings.map(({ before }) => before)).toEqual(['ramp', 'shadow']);
  expect(retraining).toMatchObject({ days: ['sat', 'sun'], zone: 'Europe/Berlin' });
});

test('a plan is what its file says', () => {
  expect(parsePlan(small, 'p.yaml')).toMatchObject({
    service: 'forecast',
    gates: { latency: { threshold: 50 } },
    phases: [
      { name: 'shadow', kind: 'shadow', weight_percent: 0, mirror_percent: 100, hours: 336 },
      { name: 'ramp-25', kind: 'ramp', weight_percent: 25, mirror_percent: 0, hours: 168 },
      { weight_percent: 50 },
      { weight_percent: 75 },
      { weight_percent: 100, hours: 24 },
    ],
  });
});

const judge = `judge:
  truth_delay: 24h
  accepted_loss: half the memory
  drift:
    cusum: { limit: 4 }
  tariff:
    surplus_per_mwh: 0
rehearsal:`;

test('what a plan says about judging is filled up with the defaults', () => {
  expect(parsePlan(small, 'p.yaml').judge).toEqual(defaultJudge);
  expect(parsePlan(but('rehearsal:', judge), 'p.yaml').judge).toEqual({
    ...defaultJudge,
    truth_delay_hours: 24,
    accepted_loss: 'half the memory',
    drift: { ...defaultJudge.drift, cusum: { slack: defaultJudge.drift.cusum.slack, limit: 4 } },
    tariff: { ...defaultJudge.tariff, surplus_per_mwh: 0 },
  });
});

test('the defaults that the schema tells are those that hold', () => {
  const { truth_delay, database } = schema.properties.judge.properties;
  expect(truth_delay.default).toBe(`${defaultJudge.truth_delay_hours}h`);
  expect(database.default).toBe(defaultJudge.database);
  const told = (properties: object) =>
    Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, value.default]));
  expect(told(schema.$defs.tariff.properties)).toEqual(defaultJudge.tariff);
  const detectors = Object.entries(schema.$defs.drift.properties);
  expect(Object.fromEntries(detectors.map(([name, { properties }]) => [name, told(properties)]))).toEqual(
    defaultJudge.drift,
  );
});

test('what a plan says nothing of is as the schema tells', () => {
  const { success, rollback, evidence } = schema.properties;
  const bare = parsePlan(small, 'p.yaml');
  const written = `success: { accuracy: ${success.properties.accuracy.default}, outcome: ${success.properties.outcome.default}, latency: ${success.properties.latency.default} }`;
  const { cpu, memory, gpus } = schema.$defs.pod_resources.properties;
  const pods = `resources: { serving: { cpu: "${cpu.default}", memory: ${memory.default}, gpus: ${gpus.default} } }`;
  const retain = `evidence: { retain: ${evidence.properties.retain.default} }`;
  const accuracy = `rollback: { accuracy: ${rollback.properties.accuracy.default} }`;
  expect(parsePlan(but('rehearsal:', [written, pods, retain, accuracy, 'rehearsal:'].join('\n')), 'p.yaml')).toEqual(
    bare,
  );
  expect(bare).toMatchObject({ calendar: null, freezes: [], team: {}, notify: [], trainings: [], acknowledge: {} });
});

test('every field of the schema is described', () => {
  const bare: string[] = [];
  const visit = (node: unknown, path: string) => {
    if (node === null || typeof node !== 'object') return;
    const properties = Object.entries('properties' in node ? Object(node.properties) : {});
    for (const [name, field] of properties) {
      const { description, $ref = '' } = Object(field);
      const definition = Object(schema.$defs)[$ref.replace('#/$defs/', '')];
      if (description === undefined && definition?.description === undefined) bare.push(`${path}.${name}`);
      visit(field, `${path}.${name}`);
    }
  };
  visit(schema, 'plan');
  for (const [name, definition] of Object.entries(schema.$defs)) visit(definition, name);
  expect(bare).toEqual([]);
});
