import { expect, test } from 'vitest';
import { randomOf } from '../../core/random.ts';
import { followMargin } from './margins.ts';

test.each([
  ['from far too wide', 30, () => 1],
  ['from far too narrow', 0.01, () => 1],
  ['of errors that double halfway', 0.9, (day: number) => (day < 1500 ? 1 : 2)],
])('a margin %s comes to hold nine errors in ten', (_what, first, size) => {
  const random = randomOf(5);
  let margin = first;
  let missed = 0;
  const days = 3000;
  for (let day = 0; day < days; day++) {
    let misses = 0;
    for (let i = 0; i < 24; i++) if (random() * size(day) > margin) misses++;
    missed += misses;
    margin = followMargin(margin, misses / 24);
  }
  // The bound of its description: margins stay between the first one and 2.2.
  const allowed = Math.abs(Math.log(2.2 / first)) / (0.1 * days) + Math.log(10) / (0.1 * days);
  expect(Math.abs(missed / (24 * days) - 0.1)).toBeLessThan(allowed);
  expect(margin).toBeGreaterThan(0.8 * 0.9 * size(days));
  expect(margin).toBeLessThan(1.2 * 0.9 * size(days));
});
