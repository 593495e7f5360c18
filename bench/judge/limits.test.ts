import { expect, test } from 'vitest';
import { upperLimit } from './limits.ts';

test('the rule of three, and the figure that the design gives for 18 of 4,000', () => {
  expect(upperLimit(0, 300)).toBeCloseTo(1 - 0.05 ** (1 / 300), 12);
  expect(upperLimit(18, 4000)).toBeCloseTo(0.0067, 4);
  expect(upperLimit(5, 5)).toBe(1);
});

test('at the limit, so few are seen in one of twenty experiments', () => {
  const [count, runs] = [3, 200];
  const p = upperLimit(count, runs);
  let [term, sum] = [(1 - p) ** runs, 0];
  for (let k = 0; k <= count; k++) {
    sum += term;
    term *= ((runs - k) / (k + 1)) * (p / (1 - p));
  }
  expect(sum).toBeCloseTo(0.05, 9);
});
