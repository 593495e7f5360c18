import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parsePlan } from '../../core/plan.ts';
import { gatesInPlan } from './verdict.ts';

const shipped = readFileSync('rollouts/forecast.yaml', 'utf8');

test('gates are the same after they were kept as JSON, and say what is good at every limit of the plan', () => {
  const of_one_phase = shipped.replace('  - ramp: 10%', '  - ramp: 10%\n    gates: { latency: { threshold: 80 } }');
  expect(of_one_phase).not.toBe(shipped);
  const gates = gatesInPlan(parsePlan(of_one_phase, 'rollouts/forecast.yaml'));
  expect(JSON.parse(JSON.stringify(gates))).toEqual(gates);
  const latency = gates.find(({ name }) => name === 'latency');
  expect(latency?.thresholds).toEqual({ 'ramp-10': 80 });
  expect(Object.keys(latency?.titles ?? {})).toEqual(['80', '100']);
  expect(latency?.titles['80']).toContain('80 ms');
  for (const { titles, threshold } of gates) expect(titles[threshold]).toBeTruthy();
});
