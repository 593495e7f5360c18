import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { betsIn } from '../judge/groups/latency-power.ts';
import { parsePlan } from '../plan.ts';
import type { Arms } from '../plan-types.ts';
import { judgedPhases } from './judged-phases.ts';

const plan = parsePlan(readFileSync('rollouts/forecast.yaml', 'utf8'), 'forecast.yaml');
const fleet = { stations: 40, apart: { pinned: 0, kept_out: 0 } };
const shadowBets = (arms: Arms | null) => judgedPhases({ ...plan, arms }, fleet)[0]?.latency_bets;

test('each arm of a release bets on its own answers: the smallest of them has the fewest', () => {
  const hours = plan.phases[0]?.hours ?? 0;
  expect(shadowBets(null)).toBe(betsIn(hours, 40));
  expect(shadowBets(plan.arms)).toBe(betsIn(hours, 10));
  const shares = { control: 55, ensemble: 40, online: 5, none: 0 };
  expect(shadowBets({ default: 'control', expected: 'online', shares })).toBe(betsIn(hours, 2));
  expect(new Set([40, 10, 2].map((answers) => betsIn(hours, answers))).size).toBe(3);
});
