import type { Losses } from './candidates.ts';
import { type Cell, type Grid, SPARSE } from './cells.ts';
import { runAll } from './pool.ts';
import type { Threshold } from './power.ts';
import { Tallies, type Tally } from './tally.ts';
import type { Task } from './task.ts';

export type CellResult = { cell: Cell; tallies: Tally[]; thresholds: Threshold[] };
export type Progress = (share_done: number, cell: Cell) => void;

/** Runs of one task: some seconds of work, and a multiple of SPARSE. */
const TASK_RUNS = 25 * SPARSE;

export function tasksOf(grid: Grid, seed: number): Task[] {
  return grid.cells.flatMap((cell, cell_number) => {
    const runs = grid.runs[cell.kind];
    return Array.from({ length: Math.ceil(runs / TASK_RUNS) }, (_, i) => {
      const first_run = i * TASK_RUNS;
      return { cell, cell_number, seed, first_run, runs: Math.min(TASK_RUNS, runs - first_run) };
    });
  });
}

/** Runs the whole grid; results come in the order of its cells, and are the same for any number of threads. */
export async function runGrid(
  grid: Grid,
  losses: Losses,
  options: { seed: number; threads: number; progress: Progress },
): Promise<CellResult[]> {
  const tasks = tasksOf(grid, options.seed);
  const gathered = grid.cells.map((cell) => ({ cell, tallies: new Tallies(), thresholds: [] as Threshold[] }));
  const total = tasks.reduce((sum, task) => sum + weight(task, losses), 0);
  let done = 0;
  await runAll(tasks, losses, options.threads, (task, result) => {
    const cell = gathered[task.cell_number];
    cell?.tallies.add(result.tallies);
    cell?.thresholds.push(...result.thresholds);
    done += weight(task, losses);
    options.progress(done / total, task.cell);
  });
  return gathered.map(({ cell, tallies, thresholds }) => ({ cell, tallies: tallies.list(), thresholds }));
}

/** Time goes to drawing stations, and to judging, which takes as long as some eighty of them. */
function weight({ cell, runs }: Task, losses: Losses): number {
  return runs * (80 + (cell.kind === 'synthetic' ? cell.stations : losses.stations / 4));
}
