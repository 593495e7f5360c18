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

test('the shipped plan carries the strategy: two weeks of shadow, then 10 to 100 % in eight', () => {
  const { phases, replicas, rehearsal } = parsePlan(shipped, file);
  expect(phases.map(({ name, hours }) => [name, hours / 24])).toEqual([
    ['shadow', 14],
    ['ramp-10', 7],
    ['ramp-25', 14],
    ['ramp-50', 7],
    ['ramp-75', 14],
    ['ramp-100', 14],
  ]);
  expect(replicas).toBeGreaterThanOrEqual(2);
  expect(rehearsal).toEqual({ shadow_hours: 336, ramp_hours: 24 });
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
