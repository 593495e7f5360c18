import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { GuardVerdict } from '../../core/judge/guard.ts';
import { alarmWorld } from './alarm-world.ts';
import type { Losses } from './candidates.ts';
import { type Cell, edges, others, SPARSE } from './cells.ts';
import { type BacktestDays, drawPath, LIVE_DAYS, type Path, type World } from './path.ts';
import { type Peer, peerSays, peers } from './peers.ts';
import { type Threshold, thresholds } from './power.ts';
import { bootstrapDays, recordedWorld } from './recorded-world.ts';
import { syntheticWorld } from './synthetic-world.ts';
import { Tallies, type Tally } from './tally.ts';
import { backtestVerdictOf, guardSays, saidAt } from './trial.ts';

/** Some runs of a cell. The same seed gives the same runs, however they are cut into tasks or spread over workers. */
export type Task = { cell: Cell; cell_number: number; seed: number; first_run: number; runs: number };
export type TaskResult = { tallies: Tally[]; thresholds: Threshold[] };

const HORIZON_HOURS = 24 * LIVE_DAYS;
const TRUTH_DELAYS_HOURS = [1, 24] as const;
const BACKTESTS = [
  { days: 90, second: 104 },
  { days: 120, second: 134 },
] as const;
const peerNames = Object.keys(peers) as Peer[];

export function runTask(task: Task, losses: Losses): TaskResult {
  const world = worldOf(task.cell, losses);
  const raisesAlarm = alarmOf(task.cell, losses);
  const tallies = new Tallies();
  const found: Threshold[] = [];
  for (let run = task.first_run; run < task.first_run + task.runs; run++) {
    const path = drawPath(world, randomOf(task, run));
    for (const change of edges) judge(tallies, path, change);
    if (raisesAlarm !== null) countAlarm(tallies, path, raisesAlarm(randomOf(task, run), run));
    if (run % SPARSE !== 0) continue;
    for (const change of others[task.cell.kind]) judge(tallies, path, change);
    for (const change of [0, ...others[task.cell.kind]]) askPeers(tallies, path, change);
    if (task.cell.kind === 'recorded') found.push(...thresholds(path));
  }
  return { tallies: tallies.list(), thresholds: found };
}

/** Consistency over the days of the same path; null where it is not asked: swapped labels and synthetic errors have no forecasts. */
function alarmOf(cell: Cell, losses: Losses): ((random: RandomGenerator, run: number) => boolean) | null {
  if (cell.kind === 'synthetic' || cell.leads === 'lead 24' || cell.resampling === 'swap') return null;
  const { pair, resampling } = cell;
  const alarm = alarmWorld(losses, pair);
  return (random, run) => alarm(bootstrapDays(random, losses, resampling), String(run));
}

/** Everything before the guard that can abort a tie: both looks of the backtest, and consistency in the 14 days after. */
function countAlarm(tallies: Tallies, path: Path, is_alarm: boolean): void {
  const verdict = is_alarm ? 'abort' : lookedAgain(backtestVerdictOf(path, 120, 0), path, 134, 0);
  const aborted = saidAt(verdict === 'abort' ? 'abort' : 'continue', 0);
  tallies.count('backtest of 120 days, then 134, and consistency', 0, aborted, 0, 0);
}

function guardName(delay_hours: number): string {
  return `guard, truth after ${delay_hours} h`;
}

function backtestName(days: number, second?: number): string {
  return second === undefined ? `backtest of ${days} days` : `backtest of ${days} days, then ${second}`;
}

function worldOf(cell: Cell, losses: Losses): World {
  return cell.kind === 'synthetic'
    ? syntheticWorld(cell)
    : recordedWorld(losses, cell.pair, cell.leads, cell.resampling);
}

function randomOf({ seed, cell_number }: Task, run: number): RandomGenerator {
  const mixed = Math.imul(seed, 0x9e3779b1) ^ Math.imul(cell_number + 1, 0x85ebca6b) ^ Math.imul(run + 1, 0xc2b2ae35);
  return xoroshiro128plus(mixed);
}

function judge(tallies: Tallies, path: Path, change: number): void {
  const said = guardSays(path, change);
  for (const delay of TRUTH_DELAYS_HOURS) tallies.count(guardName(delay), change, said, delay, HORIZON_HOURS);
  for (const { days, second } of BACKTESTS) {
    const one = backtestVerdictOf(path, days, change);
    tallies.count(backtestName(days), change, saidAt(one, 0), 0, 0);
    const two = lookedAgain(one, path, second, change);
    tallies.count(backtestName(days, second), change, saidAt(two, 0), 0, 0);
  }
}

/** The second look is had only where the first said nothing. */
function lookedAgain(first: GuardVerdict, path: Path, second: BacktestDays, change: number): GuardVerdict {
  return first === 'continue' ? backtestVerdictOf(path, second, change) : first;
}

function askPeers(tallies: Tallies, path: Path, change: number): void {
  for (const peer of peerNames)
    tallies.count(peer, change, peerSays(peer, path, change), TRUTH_DELAYS_HOURS[0], HORIZON_HOURS);
}
