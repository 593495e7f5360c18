import { expect, test } from 'vitest';
import { HISTORY_HOURS } from '../core/telemetry.ts';
import { FEATURES, fillFeatures, impute } from './features.ts';

const NaNs = (length: number) => new Float64Array(length).fill(Number.NaN);

test('a missing reading takes the same hour of the day before, else of the day after, else the mean', () => {
  const values = NaNs(72);
  values[0] = 10;
  values[25] = 20;
  expect(impute(values)).toBe(true);
  expect([values[24], values[48]]).toEqual([10, 10]);
  expect([values[1], values[49]]).toEqual([20, 20]);
  expect(values[2]).toBe(15);
  expect(impute(NaNs(72))).toBe(false);
});

test('features look at nothing after the issue hour and do not depend on the unit', () => {
  const values = Float64Array.from({ length: HISTORY_HOURS + 24 }, (_, i) => 5 + (i % 24));
  const issue = HISTORY_HOURS - 1;
  const make = (of: Float64Array) => {
    const out = new Float32Array(FEATURES);
    return { scale: fillFeatures(of, issue, 400_000, out, 0), out };
  };
  const { scale, out } = make(values);
  expect(make(values.map((value, i) => (i > issue ? 1e9 : value))).out).toEqual(out);
  const thousandfold = make(values.map((value) => value * 1024));
  expect(thousandfold.out).toEqual(out);
  expect(thousandfold.scale).toBe(scale * 1024);
  expect(out.every(Number.isFinite)).toBe(true);
});
