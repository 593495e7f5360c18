import { expect, test } from 'vitest';
import { ksDistance, ksPValue } from './kolmogorov-smirnov.ts';
import { populationStabilityIndex } from './psi.ts';

const a = Float64Array.of(-0.8, -1.32, -0.25, 0.42, 1.14, 0.11, -0.55, -0.78, 0.75, 1.63, 0.27, -1.23);
const b = Float64Array.of(-0.46, 2.1, 0.7, -1.23, 0.42, -0.66, -0.13, 0.01, -0.21);

test('distances as scipy.stats.ks_2samp gives them, with and without ties', () => {
  expect(ksDistance(a, b)).toBeCloseTo(2 / 9, 15);
  expect(ksDistance(Float64Array.of(1, 2, 2, 3, 3), Float64Array.of(2, 3, 3, 4))).toBeCloseTo(0.35, 15);
  expect(ksDistance(a, a)).toBe(0);
  expect(ksDistance(Float64Array.of(1, 2), Float64Array.of(3))).toBe(1);
});

test.each([
  [0.8, 7, 14, 0.005091482826810471],
  [0.5, 7, 14, 0.1937670832680022],
  [0.1, 100, 200, 0.5175506635818754],
  [0.05, 1000, 1000, 0.1640791977266521],
  [0.1, 7, 14, 0.9999999999616834],
  [0, 7, 14, 1],
])('distance %d of %d and %d values: the chance that scipy.special.kolmogorov gives', (distance, n, m, chance) => {
  expect(ksPValue(distance, n, m)).toBeCloseTo(chance, 10);
});

test('the index of shares that can be counted by hand', () => {
  const before = Float64Array.from({ length: 100 }, (_, i) => i);
  expect(populationStabilityIndex(before, before)).toBe(0);
  // All of now in the last decile: nine bins hold half a value of 10, one all of them.
  const now = new Float64Array(10).fill(95);
  expect(populationStabilityIndex(now, before)).toBeCloseTo(9 * (0.05 - 0.1) * Math.log(0.5) + 0.9 * Math.log(10), 12);
});

test('a reference that stands still: the same value is no change, another one is', () => {
  const still = new Float64Array(50);
  expect(populationStabilityIndex(still, still)).toBe(0);
  expect(populationStabilityIndex(new Float64Array(50).fill(1), still)).toBeGreaterThan(5);
});
