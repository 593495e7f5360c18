import type { ThetaName } from '../../core/judge/guard.ts';
import { thetaNames } from '../../core/judge/theta.ts';
import type { BacktestDays, Path } from './path.ts';
import { lookDecides } from './trial.ts';

/** Backtests whose power is told: one look each. */
export const POWER_DAYS = [90, 120, 150] as const satisfies readonly BacktestDays[];

/** The change of the candidate's losses from which on one path's backtest says a word. */
export type Threshold = { days: (typeof POWER_DAYS)[number]; word: ThetaName; change: number };

/** A loss or gain beyond this counts as never found. */
const MOST_CHANGE = 0.9;
/** To 0.02 %. */
const HALVINGS = 13;

export function thresholds(path: Path): Threshold[] {
  return POWER_DAYS.flatMap((days) => thetaNames.map((word) => ({ days, word, change: threshold(path, days, word) })));
}

/** Losses grow with the change, so that `abort` begins somewhere and `safe` and `win` end somewhere. */
function threshold(path: Path, days: BacktestDays, word: ThetaName): number {
  let [low, high] = [-MOST_CHANGE, MOST_CHANGE];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (lookDecides(path, days, middle, word) === (word === 'abort')) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}
