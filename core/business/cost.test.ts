import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LEADS } from '../record.ts';
import { addCost, imbalanceCost, savedCost, zeroCost } from './cost.ts';

const tariff = { currency: 'EUR', shortfall_per_mwh: 50, surplus_per_mwh: 20 };

/** Forecasts of lead 24 per station; other leads are far off and must not matter. */
function dayAhead(...kw: number[]): Float64Array {
  return Float64Array.from({ length: kw.length * LEADS }, (_, i) =>
    i % LEADS === LEADS - 1 ? (kw[Math.floor(i / LEADS)] ?? Number.NaN) : 1e9,
  );
}

test('what is missing costs the shortfall’s price and what is left over the surplus’s', () => {
  expect(imbalanceCost(900, 1000, tariff)).toBeCloseTo(5, 12);
  expect(imbalanceCost(1100, 1000, tariff)).toBeCloseTo(2, 12);
  expect(imbalanceCost(1000, 1000, tariff)).toBe(0);
});

test('both versions pay for the same station-hours alone', () => {
  const sums = zeroCost();
  const pair = {
    candidate: dayAhead(1000, 1050, Number.NaN, 3, 5),
    stable: dayAhead(1200, 900, 1, Number.NaN, 5),
  };
  addCost(sums, pair, Float64Array.of(1100, 1000, 500, 500, Number.NaN), tariff);
  expect(sums.station_hours).toBe(2);
  expect(sums.energy_mwh).toBeCloseTo(2.1, 12);
  expect(sums.candidate).toBeCloseTo(0.1 * 50 + 0.05 * 20, 12);
  expect(sums.stable).toBeCloseTo(0.1 * 20 + 0.1 * 50, 12);
  expect(savedCost(sums)).toEqual({ amount: expect.closeTo(1, 12), share: expect.closeTo(1 / 7, 12) });
});

test('where the stable costs nothing there is no share', () => {
  expect(savedCost({ ...zeroCost(), candidate: 3 })).toEqual({ amount: -3, share: null });
});

test('cost is never negative, 0 only without an error, and in proportion to the error', () => {
  const kw = fc.integer({ min: -5000, max: 5000 });
  fc.assert(
    fc.property(kw, kw, (bought, truth) => {
      const cost = imbalanceCost(bought, truth, tariff);
      expect(cost).toBeGreaterThanOrEqual(0);
      expect(cost === 0).toBe(bought === truth);
      expect(imbalanceCost(bought + (bought - truth), truth, tariff)).toBeCloseTo(2 * cost, 9);
    }),
  );
});
