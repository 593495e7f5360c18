import { expect, test } from 'vitest';
import { randomOf } from '../core/random.ts';
import { conformalMargin, nthSmallest } from './interval.ts';

test('of nine errors the largest, of ninety-nine the tenth largest, of eight nothing', () => {
  const errors = (n: number) => Float64Array.from({ length: n }, (_, i) => (7 * i) % n);
  expect(conformalMargin(errors(9))).toBe(8);
  expect(conformalMargin(errors(99))).toBe(89);
  expect(conformalMargin(errors(8))).toBeNaN();
});

test('the nth smallest is that of the sorted values, ties and all', () => {
  const random = randomOf(1);
  for (let size = 1; size < 60; size++) {
    const values = Float64Array.from({ length: size }, () => Math.floor(random() * 20));
    const sorted = values.toSorted();
    for (const n of [0, size >> 1, size - 1]) expect(nthSmallest(values.slice(), n)).toBe(sorted[n]);
  }
});

test('errors drawn alike are held as often as promised', () => {
  const random = randomOf(2);
  const draws = 4000;
  let held = 0;
  for (let i = 0; i < draws; i++) {
    const margin = conformalMargin(Float64Array.from({ length: 49 }, random));
    if (random() <= margin) held++;
  }
  // Four standard errors of a share.
  expect(Math.abs(held / draws - 0.9)).toBeLessThan(4 * Math.sqrt((0.9 * 0.1) / draws));
});
