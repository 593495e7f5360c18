import { backtestVerdict, guardConstants, lookAtDays } from '../../core/judge/backtest.ts';
import {
  GUARD,
  type GuardConstants,
  type GuardVerdict,
  guardAt,
  guardVerdict,
  type ThetaName,
} from '../../core/judge/guard.ts';
import { forThetas, thetaNames } from '../../core/judge/theta.ts';
import { type BacktestDays, changed, type Path, type Sides } from './path.ts';

/** What a method said first, and after how many judged hours; `continue` if it never said anything. */
export type Decision = { verdict: GuardVerdict; hour: number };

export const undecided: Decision = { verdict: 'continue', hour: Number.POSITIVE_INFINITY };

/** The guard over the live hours of a path, with a look at every hour. */
export function guardDecision(path: Path, change: number): Decision {
  const constants = historyConstants(changed(path.history, change));
  const { candidate, stable } = changed(path.live, change);
  const sums = forThetas(() => ({ n: 0, sum: 0, sumsq: 0 }));
  for (let hour = 1; hour <= candidate.length; hour++) {
    for (const name of thetaNames) {
      const total = sums[name];
      const d = (candidate[hour - 1] ?? 0) - (1 + values[name]) * (stable[hour - 1] ?? 0);
      total.n = hour;
      total.sum += d;
      total.sumsq += d * d;
    }
    if (hour < GUARD.min_hours) continue;
    const verdict = guardVerdict(
      forThetas((_, name) => guardAt(sums[name], constants[name])),
      hour,
    );
    if (verdict !== 'continue') return { verdict, hour };
  }
  return undecided;
}

const values: Record<ThetaName, number> = forThetas((theta) => theta);

function historyConstants(hours: Sides): Record<ThetaName, GuardConstants> {
  return forThetas((theta) => {
    const constants = guardConstants(hours, theta);
    if (constants === null) throw new RangeError('the history is too short for the guard');
    return constants;
  });
}

/** One look at the first `days` days. */
export function backtestDecision(path: Path, days: BacktestDays, change: number): GuardVerdict {
  const sides = changed(path.backtests[days], change);
  const verdict = backtestVerdict(
    forThetas((_, word) => lookAtDays(sides, word)),
    false,
  );
  return verdict === 'none' ? 'continue' : verdict;
}

/** Whether one look at theta alone would decide, precedence aside: for the power table. */
export function lookDecides(path: Path, days: BacktestDays, change: number, name: ThetaName): boolean {
  const neither = { mean: 0, margin: Number.POSITIVE_INFINITY };
  const look = lookAtDays(changed(path.backtests[days], change), name);
  return backtestVerdict({ abort: neither, safe: neither, win: neither, [name]: look }, false) === name;
}
