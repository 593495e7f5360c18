import { backtestVerdict, guardConstants, lookAtDays } from '../../core/judge/backtest.ts';
import {
  GUARD,
  type GuardConstants,
  type GuardVerdict,
  guardAt,
  guardVerdict,
  type ThetaName,
} from '../../core/judge/guard.ts';
import { addDifference } from '../../core/judge/hour-means.ts';
import { forThetas } from '../../core/judge/theta.ts';
import { type BacktestDays, changed, type Path, type Sides } from './path.ts';

/** After how many judged hours a method first said each word; Infinity where it never did. Nothing is said after an abort. */
export type Said = Record<ThetaName, number>;

export const nothing: Readonly<Said> = forThetas(() => Number.POSITIVE_INFINITY);

/** What one verdict after `hour` judged hours says: a proven win is also safe. */
export function saidAt(verdict: GuardVerdict, hour: number): Said {
  if (verdict === 'continue') return { ...nothing };
  return { ...nothing, ...(verdict === 'win' ? { win: hour, safe: hour } : { [verdict]: hour }) };
}

export const firstOf = (a: Said, b: Said): Said => forThetas((_, word) => Math.min(a[word], b[word]));

/** The guard over the live hours of a path, with a look at every hour: a release that is safe is looked at further. */
export function guardSays(path: Pick<Path, 'history' | 'live'>, change: number): Said {
  const constants = historyConstants(changed(path.history, change));
  const { candidate, stable } = changed(path.live, change);
  const sums = forThetas(() => ({ sum: 0, sumsq: 0 }));
  let said: Said = nothing;
  for (let hour = 1; hour <= candidate.length; hour++) {
    addDifference(sums, { candidate: candidate[hour - 1] ?? 0, stable: stable[hour - 1] ?? 0 });
    if (hour < GUARD.min_hours) continue;
    const verdict = guardVerdict(
      forThetas((_, name) => guardAt({ n: hour, ...sums[name] }, constants[name])),
      hour,
    );
    if (verdict !== 'continue') said = firstOf(said, saidAt(verdict, hour));
    if (verdict === 'abort') break;
  }
  return said;
}

function historyConstants(hours: Sides): Record<ThetaName, GuardConstants> {
  return forThetas((theta) => {
    const constants = guardConstants(hours, theta);
    if (constants === null) throw new RangeError('the history is too short for the guard');
    return constants;
  });
}

/** One look at the first `days` days. */
export function backtestVerdictOf(path: Path, days: BacktestDays, change: number): GuardVerdict {
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
