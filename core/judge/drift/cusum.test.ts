import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import { expect, test } from 'vitest';
import { randomOf } from '../../random.ts';
import { runLength } from './average-run-length.ts';
import { Cusum } from './cusum.ts';

function normals(seed: number): () => number {
  const random = randomOf(seed);
  return () => normalQuantile(Math.max(random(), 1e-12), 0, 1);
}

test.each([
  [4, 0, 167.7],
  [4, 1, 8.38],
  [5, 0, 465.4],
  [5, 1, 10.38],
])('limit %d, mean shifted by %d: average run length %d (Brook & Evans)', (limit, shift, published) => {
  const decimals = published < 100 ? 2 : 1;
  expect(runLength({ slack: 0.5, limit }, shift)).toBeCloseTo(published, decimals);
});

test('runs of the detector are as long as the chain says', () => {
  const settings = { slack: 0.5, limit: 4 };
  const normal = normals(1);
  const runs = Array.from({ length: 4000 }, () => {
    const cusum = new Cusum(settings);
    let steps = 0;
    while (cusum.statistic <= 1) {
      cusum.add(normal() + 1);
      steps++;
    }
    return steps;
  });
  const mean = runs.reduce((sum, run) => sum + run, 0) / runs.length;
  const error = Math.sqrt(runs.reduce((sum, run) => sum + (run - mean) ** 2, 0)) / runs.length;
  expect(Math.abs(mean - runLength(settings, 1))).toBeLessThan(3 * error);
});

test('standardised by the values before, normal values of any mean and deviation reach the limit as rarely as standard ones', () => {
  const settings = { slack: 0.5, limit: 4 };
  const drifts = Array.from({ length: 200 }, (_, seed) => {
    const normal = normals(seed);
    const cusum = new Cusum(settings);
    return Array.from({ length: 500 }, () => cusum.observe(7 + 0.01 * normal())).filter(Boolean).length;
  }).reduce((sum, n) => sum + n, 0);
  // After each drift it learns 14 values again. A Poisson count has the root of itself as its deviation.
  const expected = (200 * 500) / (runLength(settings) + 14);
  expect(Math.abs(drifts - expected)).toBeLessThan(4 * Math.sqrt(expected));
});

test.each([3, -3])('a shift by %d deviations is found within days, and what follows becomes usual', (shift) => {
  const normal = normals(4);
  const cusum = new Cusum({ slack: 1, limit: 5 });
  const before = Array.from({ length: 30 }, () => cusum.observe(normal()));
  expect(before).not.toContain(true);
  const after = Array.from({ length: 30 }, () => cusum.observe(normal() + shift));
  expect(after.indexOf(true)).toBeLessThan(5);
  expect(after.filter(Boolean)).toHaveLength(1);
});

test('a constant stream never drifts, and its first other value does', () => {
  const cusum = new Cusum({ slack: 1, limit: 5 });
  for (let i = 0; i < 40; i++) expect(cusum.observe(2)).toBe(false);
  expect(cusum.statistic).toBe(0);
  expect(cusum.observe(2.001)).toBe(true);
});

test.each([
  [20, 2.4913057675968338, 0],
  [-3.5, 0, 2.247022265772027],
])('after 1 to 14 a value of %d counts as scipy says: t quantile of 13 degrees, as a normal one', (value, up, down) => {
  const cusum = new Cusum({ slack: 0, limit: 5 });
  for (let i = 1; i <= 14; i++) cusum.observe(i);
  cusum.observe(value);
  expect(cusum.state.up).toBeCloseTo(up, 9);
  expect(cusum.state.down).toBeCloseTo(down, 9);
});
