import { expect, test } from 'vitest';
import { randomOf } from '../../random.ts';
import type { Group } from './compare.ts';
import { addLatencies, EXCEEDANCE, type LatencyState, newLatency } from './latency.ts';

const ALARM = 1 / EXCEEDANCE.alpha;

/** One block: an hour of 300 calls to the candidate and as many, or `control`, to the stable. */
function block(state: LatencyState, latency_ms: (group: Group, call: number) => number, control = 300) {
  const calls = (group: Group, count: number) =>
    Array.from({ length: count }, (_, call) => ({ group, latency_ms: latency_ms(group, call) }));
  addLatencies(state, [...calls('canary', EXCEEDANCE.block_calls), ...calls('control', control)]);
}

test('three blocks of answers that are all 150 ms late are proof', () => {
  const state = newLatency();
  for (let i = 0; i < 3; i++) {
    expect(state.e).toBeLessThan(ALARM);
    block(state, (group, call) => (group === 'canary' ? 155 : 5) + (call % 10) / 10);
  }
  expect(state.e).toBeGreaterThan(ALARM);
  expect(state).toMatchObject({ bets: 3, exceeded: 1 });
});

test('a machine that is slow for everybody, and one pause of the candidate, prove nothing', () => {
  const slow = newLatency();
  for (let i = 0; i < 30; i++) block(slow, (_group, call) => (i % 3 === 0 ? 400 + call : 5));
  expect(slow.e).toBeLessThan(2);
  const paused = newLatency();
  for (let i = 0; i < 30; i++) block(paused, (group, call) => (group === 'canary' && i === 10 && call < 200 ? 800 : 5));
  expect(paused.e).toBeLessThan(4);
});

test('at 100 % the stable’s last known quantile stands in, and before there is one nothing is bet', () => {
  const state = newLatency();
  block(state, () => 300, 0);
  expect(state).toMatchObject({ bets: 0, stable_ms: null });
  block(state, () => 5);
  for (let i = 0; i < 4; i++) block(state, () => 300, 0);
  expect(state.bets).toBe(5);
  expect(state.e).toBeGreaterThan(ALARM);
});

test('the stable’s quantile is never taken too low, and a latency of 0 or of hours has its bucket', () => {
  const state = newLatency();
  block(state, (_group, call) => (call % 20 === 0 ? 4e9 : call % 10));
  expect(state.stable_ms).toBeGreaterThanOrEqual(9);
  expect(state.stable_ms).toBeLessThan(10);
  expect(state.exceeded).toBeCloseTo(0.05, 12);
});

test('a candidate that is as slow as it may be is called in at most one run of a hundred', () => {
  const random = randomOf(11);
  const RUNS = 300;
  let alarms = 0;
  for (let run = 0; run < RUNS; run++) {
    const state = newLatency();
    for (let i = 0; i < 20; i++) {
      // Both are slow together in some blocks; the candidate is exactly 100 ms slower throughout.
      const mood = 1 + random();
      block(state, (group) => 20 * mood * (0.2 - Math.log(1 - random())) + (group === 'canary' ? 100 : 0));
    }
    if (state.e >= ALARM) alarms++;
  }
  expect(alarms / RUNS).toBeLessThanOrEqual(EXCEEDANCE.alpha);
});

test('where calls are few a bet is made on two days of them, if there are enough', () => {
  const state = newLatency();
  const hour = (canary: number) =>
    addLatencies(state, [
      ...Array.from({ length: canary }, () => ({ group: 'canary' as const, latency_ms: 200 })),
      { group: 'control' as const, latency_ms: 5 },
    ]);
  for (let h = 0; h < EXCEEDANCE.block_hours; h++) hour(h < 19 ? 1 : 0);
  expect(state.bets).toBe(0);
  hour(1);
  expect(state).toMatchObject({ bets: 1, exceeded: 1, block_hours: 0 });
  for (let h = 0; h < 2 * EXCEEDANCE.block_hours; h++) hour(1);
  expect(state.bets).toBe(3);
  expect(state.e).toBeGreaterThan(ALARM);
});

test.each([
  [0.2, 60],
  [0.5, 10],
])('a share of %f above the threshold is found within %i blocks', (share, blocks) => {
  const random = randomOf(13);
  const state = newLatency();
  for (let i = 0; i < blocks; i++) block(state, (group) => (group === 'canary' && random() < share ? 160 : 5));
  expect(state.e).toBeGreaterThan(ALARM);
});

test('the state stays small whatever the latencies', () => {
  const random = randomOf(17);
  const state = newLatency();
  const calls = Array.from({ length: 20_000 }, (_, i) => ({
    group: i < 290 ? ('canary' as const) : ('control' as const),
    latency_ms: 10 ** (8 * random() - 2),
  }));
  addLatencies(state, calls);
  expect(state.bets).toBe(0);
  expect(JSON.stringify(state).length).toBeLessThan(4000);
});
