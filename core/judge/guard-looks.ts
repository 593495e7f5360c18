import { isoOfHour } from '../telemetry.ts';
import { BACKTEST, type Backtest, type BacktestVerdict } from './backtest.ts';
import {
  type GuardConstants,
  type GuardLook,
  type GuardVerdict,
  guardAt,
  guardVerdict,
  type ThetaName,
} from './guard.ts';
import { addDifference, hourMeans } from './hour-means.ts';
import { type LossTable, scoredByBoth } from './loss-table.ts';
import { zeroSums } from './pairs.ts';
import { forThetas } from './theta.ts';

/** One look: `hour` counts from the end of the history, `judged_hours` leaves out hours that could not be judged. */
export type Look = {
  hour: number;
  target_time: string;
  judged_hours: number;
  says: GuardVerdict;
  mean: Record<ThetaName, number>;
  margin: Record<ThetaName, number>;
};

/** What the guard says of a whole record. */
export type GuardRecord = {
  looks: Look[];
  judged_hours: number;
  hours_left_out: number;
  /** Judged station-hours, and those of hours that were left out. */
  station_hours: { used: number; in_hours_left_out: number };
};

const SIDES = 2;

/** Walks the hours after the history as the scorer would have, one look an hour. */
export function walkGuard(
  table: LossTable,
  history_h: number,
  scale_kw: Float64Array,
  constants: Record<ThetaName, GuardConstants>,
): GuardRecord {
  const sums = zeroSums().theta;
  const seen: GuardRecord = {
    looks: [],
    judged_hours: 0,
    hours_left_out: 0,
    station_hours: { used: 0, in_hours_left_out: 0 },
  };
  const errors = new Float64Array(table.stations.length * SIDES);
  for (let i = history_h; i < table.hours; i++) {
    const scored = hourErrors(table, i, scale_kw, errors);
    const means = hourMeans(errors, SIDES, scale_kw);
    if (means === null) {
      seen.hours_left_out++;
      seen.station_hours.in_hours_left_out += scored;
      continue;
    }
    const n = ++seen.judged_hours;
    seen.station_hours.used += scored;
    addDifference(sums, means);
    const looks = forThetas((_theta, name) => guardAt({ n, ...sums[name] }, constants[name]));
    const { abort, safe, win } = looks;
    if (abort === null || safe === null || win === null) continue;
    const hour = i - history_h + 1;
    const target_time = isoOfHour(table.from_h + i);
    seen.looks.push({
      hour,
      target_time,
      judged_hours: n,
      says: guardVerdict(looks, n),
      ...parts({ abort, safe, win }),
    });
  }
  return seen;
}

/** Fills `errors` with the hour's losses, NaN unless both sides have one; returns how many stations with a scale have both. */
function hourErrors(table: LossTable, i: number, scale_kw: Float64Array, errors: Float64Array): number {
  let scored = 0;
  for (let s = 0; s < table.stations.length; s++) {
    const cell = s * table.hours + i;
    const both = scoredByBoth(table, cell);
    errors[s * SIDES] = both ? (table.candidate_kw[cell] ?? Number.NaN) : Number.NaN;
    errors[s * SIDES + 1] = both ? (table.stable_kw[cell] ?? Number.NaN) : Number.NaN;
    if (both && !Number.isNaN(scale_kw[s] ?? Number.NaN)) scored++;
  }
  return scored;
}

function parts(looks: Record<ThetaName, GuardLook>): Pick<Look, 'mean' | 'margin'> {
  return {
    mean: forThetas((_theta, name) => looks[name].mean),
    margin: forThetas((_theta, name) => looks[name].margin),
  };
}

/** The guard's look back in the form of guard.ts. */
export function looksOf({ mean, margin }: Look): Record<ThetaName, GuardLook> {
  return forThetas((_theta, name) => ({
    mean: mean[name],
    margin: margin[name],
    lower: mean[name] - margin[name],
    upper: mean[name] + margin[name],
  }));
}

export type GuardDecision = {
  verdict: GuardVerdict;
  decided_at_hour: number | null;
  /** First hour at which each word held by itself. */
  first_hour: Record<ThetaName, number | null>;
};

/**
 * The strongest word of all looks, and when it first held. The bounds hold at all looks together, so a proven loss outweighs an earlier
 * "safe" and "win" a "safe": the precedence that guardVerdict has at one look. No word holds at a look of which it was withheld.
 */
export function guardDecision(looks: readonly Look[]): GuardDecision {
  const none = { abort: null, safe: null, win: null };
  const first_hour = forThetas((_theta, name) => {
    const holds = (look: Look) =>
      look.says !== 'continue' && guardVerdict({ ...none, [name]: looksOf(look)[name] }, look.judged_hours) === name;
    return looks.find(holds)?.hour ?? null;
  });
  const words = ['abort', 'win', 'safe'] as const;
  const verdict = words.find((word) => first_hour[word] !== null) ?? 'continue';
  return { verdict, decided_at_hour: verdict === 'continue' ? null : first_hour[verdict], first_hour };
}

export type Decision = {
  verdict: GuardVerdict;
  decided_by: 'backtest' | 'guard' | null;
  decided_at_hour: number | null;
};

/**
 * "Verdict to outcome" for a record: the backtest's abort comes before any live hour (hour 0), the guard's abort outweighs everything after
 * that, and where the backtest is usable it alone can say safe or win.
 */
export function decide(backtest: Pick<Backtest, 'verdict'> | null, guard: GuardDecision): Decision {
  const word: BacktestVerdict = backtest?.verdict ?? 'none';
  if (word === 'abort') return { verdict: 'abort', decided_by: 'backtest', decided_at_hour: 0 };
  const { verdict, decided_at_hour } = guard;
  if (verdict === 'abort') return { verdict, decided_by: 'guard', decided_at_hour };
  if (word === 'safe' || word === 'win') return { verdict: word, decided_by: 'backtest', decided_at_hour: 0 };
  if (word === 'continue' || verdict === 'continue')
    return { verdict: 'continue', decided_by: null, decided_at_hour: null };
  return { verdict, decided_by: 'guard', decided_at_hour };
}

/** Days of history that the guard's constants need, in hours. */
export const LEAST_HISTORY_H = 24 * BACKTEST.guard_days;
