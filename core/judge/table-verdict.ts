import { InputError } from '../input-error.ts';
import { isoOfHour } from '../telemetry.ts';
import { BACKTEST, type Backtest, judgeBacktest } from './backtest.ts';
import { GUARD, type GuardConstants, type GuardVerdict, type ThetaName } from './guard.ts';
import {
  type Decision,
  decide,
  type GuardDecision,
  guardDecision,
  LEAST_HISTORY_H,
  type Look,
  looksOf,
  walkGuard,
} from './guard-looks.ts';
import { guardSentence } from './guard-sentence.ts';
import { historyOf, type LossTable } from './loss-table.ts';
import { partCoverage, whyHeld, withheld } from './part-coverage.ts';
import { type Coverage, coverageOf } from './table-coverage.ts';
import { forThetas } from './theta.ts';

/** The outcome of a table of losses; JSON-serialisable. */
export type TableVerdict = Decision & {
  decided_at: string | null;
  sentence: string;
  guard: GuardDecision & { judged_hours: number; constants: Record<ThetaName, GuardConstants> };
  /** Null with a history of fewer than BACKTEST.min_days whole days: then only the guard speaks. */
  backtest:
    | (Pick<Backtest, 'verdict' | 'days' | 'from' | 'to' | 'sentence' | 'mae_kw'> & {
        looks: Record<ThetaName, Backtest['theta'][ThetaName]['look']>;
      })
    | null;
  history: { from: string; to: string; days: number; days_left_out: number };
  coverage: Coverage;
  looks: Look[];
};

/**
 * Judges a table as a release would have been: the leading `history_h` hours give m_s, sigma0^2 and kappa, and with 90 whole days the
 * backtest; the rest is looked at hour by hour. Of a part with too many gaps neither safe nor win is
 * said. `place` names the table in the InputError for a history that cannot give them.
 */
export function judgeTable(table: LossTable, history_h: number, place: string): TableVerdict {
  const { from_h, hours } = table;
  if (hours <= history_h)
    throw tableFault(
      place,
      `is too short to judge: it covers ${hours} hours, of which the history takes ${history_h}, and at least ${GUARD.min_hours} must follow`,
      `give a longer file${history_h > LEAST_HISTORY_H ? ' or a shorter --history' : ''}`,
    );
  const parts = { history: partCoverage(table, 0, history_h), live: partCoverage(table, history_h, hours) };
  const held = whyHeld(parts.live, 'live');
  const losses = historyOf(table, history_h);
  const backtest = judgeBacktest({
    candidate_release: 'candidate',
    stable_release: 'stable',
    losses,
    tries: 1,
    held: whyHeld(parts.history, 'backtested'),
  });
  const constants = forThetas((_theta, name) => usable(backtest, name, place));
  const scale_kw = Float64Array.from(table.stations, (id) => losses.scale_kw[id] ?? Number.NaN);
  const walked = walkGuard(table, history_h, scale_kw, constants);
  const looks = held === null ? walked.looks : walked.looks.map((look) => ({ ...look, says: withheld(look.says) }));
  const guard = guardDecision(looks);
  const decision = decide({ verdict: held === null ? backtest.verdict : withheld(backtest.verdict) }, guard);
  const { decided_at_hour } = decision;
  return {
    ...decision,
    decided_at: decided_at_hour === null ? null : isoOfHour(from_h + history_h - 1 + decided_at_hour),
    sentence: `${sentenceOf(backtest, guard, { looks, judged_hours: walked.judged_hours, live_hours: hours - history_h, held })}${missedBacktest(backtest, history_h)}`,
    guard: { ...guard, judged_hours: walked.judged_hours, constants },
    backtest: backtest.verdict === 'none' ? null : shown(backtest),
    history: {
      from: isoOfHour(from_h),
      to: isoOfHour(from_h + history_h - 1),
      days: backtest.days,
      days_left_out: backtest.days_left_out,
    },
    coverage: coverageOf(table, history_h, parts, losses, walked),
    looks,
  };
}

function usable(backtest: Backtest, name: ThetaName, place: string): GuardConstants {
  const { guard } = backtest.theta[name];
  if (guard === null)
    throw tableFault(
      place,
      `its history has ${backtest.days} whole days (${backtest.days_left_out} left out, because some hour lacks more than half of the stations) of the ${BACKTEST.guard_days - BACKTEST.guard_days_missing} that scales and variance need`,
      'give a longer --history, or the missing hours',
    );
  if (!Number.isFinite(guard.sigma0_sq))
    throw tableFault(
      place,
      'no station has a stable_abs_error_kw above 0 in every hour of its history: nothing to scale by',
      'give a history in which the stable version errs',
    );
  return guard;
}

function tableFault(place: string, message: string, fix: string): InputError {
  return new InputError([{ place, message, fix }]);
}

type LiveTold = { looks: Look[]; judged_hours: number; live_hours: number; held: string | null };

/** The backtest's sentence where there is one, then the guard's: at the deciding look, or the last. */
function sentenceOf(
  backtest: Backtest,
  guard: GuardDecision,
  { looks, judged_hours, live_hours, held }: LiveTold,
): string {
  if (judged_hours < GUARD.min_hours)
    return joined(backtest, tooThin(judged_hours, live_hours, backtest.verdict === 'none' ? null : held), false);
  const told = looks.find(({ hour }) => hour === guard.decided_at_hour) ?? looks.at(-1);
  const none = { abort: null, safe: null, win: null };
  const verdict: GuardVerdict = guard.verdict;
  const live = guardSentence({
    verdict,
    hours: told?.judged_hours ?? judged_hours,
    looks: told === undefined ? none : looksOf(told),
    held,
  });
  return joined(backtest, live, contradict(backtest.verdict, verdict));
}

function tooThin(judged_hours: number, live_hours: number, held: string | null): string {
  return `The file is too thin to judge live: of the ${live_hours} hours after its history ${judged_hours} have losses of both versions at half of the stations, and the guard needs ${GUARD.min_hours}${held === null ? '' : `; ${held}`}.`;
}

/** Where both contradict each other the reader is told so by "But". */
function joined({ verdict, sentence }: Backtest, live: string, contradicts: boolean): string {
  if (verdict === 'none') return live;
  return `${sentence} ${contradicts ? live.replace(/^After/, 'But after') : live}`;
}

/** One has proven harm, the other that there is none. */
function contradict(backtest: Backtest['verdict'], live: GuardVerdict): boolean {
  const isGood = (verdict: string) => verdict === 'safe' || verdict === 'win';
  return (backtest === 'abort' && isGood(live)) || (isGood(backtest) && live === 'abort');
}

/** A history that is long enough, but for days left out, was meant to be a backtest: its absence is told. */
function missedBacktest({ verdict, days, days_left_out }: Backtest, history_h: number): string {
  if (verdict !== 'none' || history_h < 24 * BACKTEST.min_days) return '';
  return ` There is no backtest: the history has ${days} of the ${BACKTEST.min_days} whole days that it needs (${days_left_out} left out).`;
}

function shown({ verdict, days, from, to, sentence, mae_kw, theta }: Backtest) {
  return { verdict, days, from, to, sentence, mae_kw, looks: forThetas((_theta, name) => theta[name].look) };
}
