import { expect, test } from 'vitest';
import { type DayFact, emptyFact } from './day-fact.ts';
import { type PodUsage, withUsage } from './usage.ts';

const day = '2026-03-01';
const pods: PodUsage = {
  ...{ served: 1000, failed: 3.0002, forecasts: 4000.1 },
  ...{ cpu_s: 120, memory_gb_h: 24, memory_bytes_max: 5e8 },
};

function fact(changes: Partial<DayFact> = {}): DayFact {
  const forecasts = { answered: 1000, failed: null, fallback: 2 };
  return { ...emptyFact({ day, release: 'r', arm: 'a', role: 'serving' }), pod_hashes: ['x'], forecasts, ...changes };
}

const joined = (facts: DayFact[], hashes: Record<string, PodUsage>) =>
  withUsage(facts, new Map([[day, new Map(Object.entries(hashes))]]));

test('a release of which the pods counted as much as the scorer gets what they used', () => {
  const { facts, days } = joined([fact(), fact({ role: 'control', pod_hashes: null })], { x: pods });
  expect(days).toEqual({ joined: 1, no_pods: 0, no_usage: 0, other_counts: 0 });
  const resources = { cpu_s: 120, gpu_s: null, memory_gb_h: 24, memory_bytes_max: 5e8, forecasts: 4000 };
  expect(facts[0]).toEqual(fact({ forecasts: { answered: 1000, failed: 3, fallback: 2 }, resources }));
  expect(facts[1]?.resources).toBeNull();
});

test('several versions of pods add up, and the first of several arms carries what all of them used', () => {
  const half = { ...pods, served: 800 };
  const arms = [
    fact({ pod_hashes: ['x', 'y'] }),
    fact({ arm: 'b', pod_hashes: ['x', 'y'], forecasts: { answered: 600, failed: null, fallback: 0 } }),
  ];
  const { facts, days } = joined(arms, { x: half, y: { ...half, memory_bytes_max: 9e8 } });
  expect(days.joined).toBe(1);
  expect(facts[0]?.resources).toMatchObject({ cpu_s: 240, memory_gb_h: 48, memory_bytes_max: 9e8 });
  expect(facts[1]).toEqual(arms[1]);
});

test.each([
  ['no_pods', fact({ pod_hashes: null }), { x: pods }],
  ['no_usage', fact({ pod_hashes: ['x', 'y'] }), { x: pods }],
  ['other_counts', fact(), { x: { ...pods, served: 880 } }],
  ['other_counts', fact(), { x: { ...pods, served: 1120 } }],
] as const)('%s: nothing is added', (reason, given, hashes) => {
  const { facts, days } = joined([given], hashes);
  expect(days).toEqual({ joined: 0, no_pods: 0, no_usage: 0, other_counts: 0, [reason]: 1 });
  expect(facts).toEqual([given]);
});
