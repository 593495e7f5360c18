import { expect, test } from 'vitest';
import { syntheticWorld } from '../judge/synthetic-world.ts';
import { comparePower, TOLERANCE_POINTS } from './compare.ts';
import { measureSpread } from './spread.ts';

/** Runs of a simulation scatter by some more than a prediction may be off by. */
const SCATTER_POINTS = 5;

const worldOf = (stations: number) => syntheticWorld({ ar: 0.8, correlation: 0.98, tail: 't4', stations });
const runs = 60;

test('what the guard is predicted to find is what it finds, in fleets that were measured and in one that was not', () => {
  const spread = measureSpread(worldOf, [4, 12], runs, 1);
  const compared = comparePower(worldOf, [4, 30], { spread, runs, seed: 1 });
  for (const { predicted, simulated } of compared)
    expect(Math.abs(100 * (predicted - simulated))).toBeLessThan(TOLERANCE_POINTS + SCATTER_POINTS);
  // Some of it is neither certain nor impossible: else anything would be right.
  expect(compared.filter(({ simulated }) => simulated > 0.2 && simulated < 0.8).length).toBeGreaterThan(1);
  expect(compared.some(({ stations, simulated }) => stations === 30 && simulated > 0.9)).toBe(true);
});
