import { expect, test } from 'vitest';
import type { Grid } from './cells.ts';
import { runGrid } from './grid.ts';
import { madeLosses } from './made-losses.ts';

const factors = { seasonal: 1, ridge: 1.1, rich: 1.2, retrained: 1.11 };
const losses = madeLosses(2, 24 * 30, (model, i) => 2 + Math.sin(factors[model] * i));
const grid: Grid = {
  cells: [
    { kind: 'synthetic', ar: 0, correlation: 0.7, tail: 't3', stations: 2 },
    { kind: 'recorded', pair: 'similar', leads: 'leads 1-24', resampling: 48 },
  ],
  runs: { synthetic: 110, recorded: 4 },
};

test('one thread and two give the same counts, for every cell and as many runs as asked', async () => {
  const shares: number[] = [];
  const options = { seed: 3, progress: (share: number) => shares.push(share) };
  const one = await runGrid(grid, losses, { ...options, threads: 1 });
  const two = await runGrid(grid, losses, { ...options, threads: 2 });
  expect(two).toEqual(one);
  expect(one.map(({ tallies }) => tallies[0]?.runs)).toEqual([110, 4]);
  expect(shares.at(-1)).toBeCloseTo(1, 12);
});

test('an error in a thread ends the run', async () => {
  const none = { ...losses, stations: 3 };
  const recorded: Grid = { ...grid, cells: grid.cells.slice(1) };
  await expect(runGrid(recorded, none, { seed: 3, threads: 1, progress: () => {} })).rejects.toThrow('no scale');
});
