import { type LeadMode, leadModes, type Pair, pairNames } from './models.ts';
import type { Resampling } from './recorded-world.ts';
import { type SyntheticWorld, tails } from './synthetic-world.ts';

/** One world of the grid; every method and true change is tried on the same paths of it. */
export type Cell =
  | ({ kind: 'synthetic' } & SyntheticWorld)
  | { kind: 'recorded'; pair: Pair; leads: LeadMode; resampling: Resampling };

export type Grid = { cells: Cell[]; runs: Record<Cell['kind'], number> };

/** True changes of the candidate's loss at which a word becomes wrong: -0.15 is a gain of 15 %. Every run tries them. */
export const edges = [-0.15, 0, 0.05] as const;
/** Changes that are found or not: one run in SPARSE tries them. */
export const others: Record<Cell['kind'], readonly number[]> = {
  synthetic: [-0.2, 0.025, 0.1],
  recorded: [-0.2, 0.1, 0.2],
};
/** Peers, power and changes beyond the edges tell tens of percents apart: fewer runs are enough for them. */
export const SPARSE = 4;

const resamplings = [48, 72, 168, 'swap'] as const;

export function recordedCells(): Cell[] {
  return pairNames.flatMap((pair) =>
    leadModes.flatMap((leads) =>
      resamplings.map((resampling): Cell => ({ kind: 'recorded', pair, leads, resampling })),
    ),
  );
}

export function syntheticCells(of: { ar: number[]; correlation: number[]; stations: number[] }): Cell[] {
  return of.ar.flatMap((ar) =>
    of.correlation.flatMap((correlation) =>
      tails.flatMap((tail) =>
        of.stations.map((stations): Cell => ({ kind: 'synthetic', ar, correlation, tail, stations })),
      ),
    ),
  );
}

/** Runs: enough that a true rate well under 1 % is seen to be under 1 %, and most where it decides. */
export const grids = {
  full: {
    cells: [
      ...recordedCells(),
      ...syntheticCells({ ar: [0, 0.6, 0.8], correlation: [0.7, 0.9, 0.95], stations: [20, 200] }),
    ],
    runs: { recorded: 4000, synthetic: 1000 },
  },
  quick: {
    cells: [...recordedCells(), ...syntheticCells({ ar: [0, 0.8], correlation: [0.7, 0.95], stations: [20] })],
    runs: { recorded: 1000, synthetic: 500 },
  },
} as const satisfies Record<string, Grid>;

export function cellName(cell: Cell): string {
  if (cell.kind === 'recorded') {
    const how = cell.resampling === 'swap' ? 'labels swapped by day' : `blocks of ${cell.resampling} h`;
    return `${cell.pair}, ${cell.leads}, ${how}`;
  }
  return `AR ${cell.ar}, correlation ${cell.correlation}, ${cell.tail}, ${cell.stations} stations`;
}
