import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import { addLatencies, EXCEEDANCE, newLatency } from './latency.ts';
import { betsIn, provenShare } from './latency-power.ts';

/** A release of 100 answers an hour of which a share takes a second; the stable's take 10 ms. */
function evidence(share: number, hours: number): { e: number; bets: number } {
  const random = xoroshiro128plus(7);
  const state = newLatency();
  for (let hour = 0; hour < hours; hour++)
    addLatencies(
      state,
      Array.from({ length: 100 }, () => [
        { group: 'canary' as const, latency_ms: (random.next() >>> 0) / 2 ** 32 < share ? 1000 : 10 },
        { group: 'control' as const, latency_ms: 10 },
      ]).flat(),
    );
  return state;
}

test('a share of slow answers is proven from where the prediction says, give or take a point', () => {
  const bets = betsIn(168, 100);
  expect(evidence(0.5, 168).bets).toBe(bets);
  const share = provenShare(bets) ?? Number.NaN;
  expect(share).toBeGreaterThan(0.11);
  expect(evidence(share + 0.01, 168).e).toBeGreaterThanOrEqual(1 / EXCEEDANCE.alpha);
  expect(evidence(share - 0.01, 168).e).toBeLessThan(1 / EXCEEDANCE.alpha);
});

test('few answers bet on two days, too few not at all', () => {
  expect(betsIn(14 * 24, 1)).toBe(7);
  expect(betsIn(14 * 24, 0.4)).toBe(0);
  expect(betsIn(14 * 24, 0)).toBe(0);
  expect(provenShare(0)).toBeNull();
  expect(provenShare(2)).toBeNull();
  expect(provenShare(3)).toBeLessThan(1);
});
