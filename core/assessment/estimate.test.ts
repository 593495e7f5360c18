import { expect, test } from 'vitest';
import { normalOf, randomOf } from '../random.ts';
import { atMost, dayMean, difference, intervalOf, relative } from './estimate.ts';

/** Days that remember the day before, as errors do in lasting weather. */
function rememberingDays(days: number, random: () => number): number[] {
  const values: number[] = [];
  let last = 0;
  for (let d = -20; d < days; d++) {
    last = 0.5 * last + normalOf(random);
    if (d >= 0) values.push(last);
  }
  return values;
}

test('intervals of three months hold what they say where days depend on one another', () => {
  const random = randomOf(7);
  const runs = 600;
  let [held, plain] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const [a, b] = [rememberingDays(90, random), rememberingDays(90, random)];
    const [mean_a, mean_b] = [dayMean(a), dayMean(b)];
    if (mean_a === null || mean_b === null) throw new Error('90 days have a mean');
    const { value, low, high } = difference(mean_a, mean_b);
    if (low !== null && high !== null && low <= 0 && high >= 0) held++;
    const variance = (x: number[], m: number) => x.reduce((sum, v) => sum + (v - m) ** 2, 0) / 89 / 90;
    if (Math.abs(value) <= 1.97 * Math.sqrt(variance(a, mean_a.mean) + variance(b, mean_b.mean))) plain++;
  }
  // Taken for independent, the same days would mislead one time in four.
  expect(held / runs).toBeGreaterThan(0.93);
  expect(plain / runs).toBeLessThan(0.85);
});

test('too few days give a mean without an interval, none give nothing', () => {
  expect(dayMean([])).toBeNull();
  const few = dayMean(Array.from({ length: 13 }, (_, d) => d));
  expect(few === null ? null : intervalOf(few)).toEqual({ value: 6, low: null, high: null });
  expect(atMost({ value: -1, low: null, high: null }, 0)).toBe('open');
});

test('logarithms become relative changes, and a limit is proven, ruled out or open', () => {
  const change = relative({ value: Math.log(0.8), low: Math.log(0.7), high: Math.log(0.84) });
  expect(change).toEqual({ value: expect.closeTo(-0.2), low: expect.closeTo(-0.3), high: expect.closeTo(-0.16) });
  expect(atMost(change, -0.15)).toBe('yes');
  expect(atMost(change, -0.18)).toBe('open');
  expect(atMost(change, -0.31)).toBe('no');
});
