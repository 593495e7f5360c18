import { tQuantile } from '../distributions.ts';
import { isoOfHour } from '../telemetry.ts';
import { type BacktestLook, type BacktestVerdict, backtestSentence, triesSentence } from './backtest-sentence.ts';
import { type ConsistencyConstants, consistencyConstants } from './consistency-constants.ts';
import type { IssueSeries } from './differences.ts';
import type { GuardConstants, ThetaName } from './guard.ts';
import type { PairedLosses } from './losses.ts';
import { withheld } from './part-coverage.ts';
import { cosines, equalWeightedCosines, longRunVariance, mean, variance } from './series.ts';
import { forThetas, thetaValue } from './theta.ts';

export type { BacktestLook, BacktestVerdict } from './backtest-sentence.ts';

/** What one look was over: target hours `from` to `to`, of which `days` whole days were judged, with readings as late as `seed` draws them. */
export type LookTaken = { from: string; to: string; days: number; seed: number };

/** The judged backtest: `backtests/<hex>.json` of the registry. */
export type Backtest = {
  schema: 1;
  candidate_release: string;
  stable_release: string;
  /** Null: the release has one arm only. */
  arm: string | null;
  /** Whole UTC days judged, and the first and last target hour of them. */
  days: number;
  from: string;
  to: string;
  /** `none`: fewer than BACKTEST.min_days. */
  verdict: BacktestVerdict;
  /** What a manager reads. */
  sentence: string;
  /** Null where there are too few days to say it: the looks below min_days, the guard's constants below guard_days less guard_days_missing. */
  theta: Record<ThetaName, { look: BacktestLook | null; guard: GuardConstants | null }>;
  /** What live losses and forecast differences are held against; null below min_days. */
  consistency: ConsistencyConstants | null;
  /** m_s. */
  scale_kw: Record<string, number>;
  stations_left_out: string[];
  days_left_out: number;
  mae_kw: { candidate: number; stable: number };
  rmse_scaled: { candidate: number; stable: number };
  /** How often this release was backtested, from 1: whoever repeats a backtest until it pleases is seen. */
  tries: number;
  /** When this pair of releases was looked at, at most twice, the last look included. */
  looks: LookTaken[];
  /** Why the plan takes a proven small loss, if it does: `abort` then does not take precedence. */
  accepted_loss: string | null;
};

export const BACKTEST = {
  min_days: 90,
  /** A second look is allowed after so many more days. */
  second_look_days: 14,
  /** Days before the release from which the live guard takes its variance. */
  guard_days: 28,
  /** Of them so many may be missing: a gap in a few days says nothing about the others' variance. */
  guard_days_missing: 7,
  delta: 0.005,
  /**
   * One-sided levels of the t quantile; several arms of one release share their rest. On recorded errors safe and win were wrong far more often
   * than abort, for want of a rare week in which the candidate is bad: they must be surer (docs/judging-proof.md).
   */
  level: { abort: 0.9975, safe: 0.9995, win: 0.9995 },
  bartlett_days: 7,
  bartlett_hours: 24,
  min_kappa: 8,
} as const;

export type BacktestInput = {
  candidate_release: string;
  stable_release: string;
  losses: PairedLosses;
  /** How the two models' forecasts differed; absent where only their losses are known. */
  issues?: IssueSeries;
  tries: number;
  /** As `takeLook` allows them; none where nothing is kept. */
  looks?: LookTaken[];
  accepted_loss?: string;
  /** Why neither safe nor win may be said, as a clause; null or absent where they may. */
  held?: string | null;
  /** Which of how many arms of the candidate; each is looked at more strictly, so that together they err no more often than one. */
  arm?: { name: string; of: number };
};

/** One look at x_d(theta) = a_d - (1 + theta) * b_d. */
export function lookAtDays(days: Sides, word: ThetaName, arms = 1): BacktestLook {
  const x = difference(days, thetaValue(word));
  const N = x.length;
  return { mean: mean(x), margin: tFactor(cosines(N), tailOf(word, arms)) * Math.sqrt(dayVariance(x) / N) };
}

/** One-sided error of a word, which a release's arms share. */
function tailOf(word: ThetaName, arms: number): number {
  return (1 - BACKTEST.level[word]) / arms;
}

/** Long-run variance of a daily series: the larger of equal-weighted cosines and Bartlett. */
export function dayVariance(x: Float64Array): number {
  return Math.max(equalWeightedCosines(x, cosines(x.length)), longRunVariance(x, BACKTEST.bartlett_days));
}

/** The quantile takes longer than the rest of a look, and depends on a small whole number and few levels only. */
const t_factors = new Map<string, number>();

function tFactor(nu: number, tail: number): number {
  const key = `${nu} ${tail}`;
  const known = t_factors.get(key);
  if (known !== undefined) return known;
  const factor = tQuantile(1 - tail, nu);
  t_factors.set(key, factor);
  return factor;
}

/** Precedence: abort, unless a proven small loss is accepted, then win, then safe. */
export function backtestVerdict(looks: Record<ThetaName, BacktestLook>, accepted_loss: boolean): BacktestVerdict {
  const { abort, win, safe } = looks;
  if (!accepted_loss && abort.mean - abort.margin > BACKTEST.delta) return 'abort';
  if (win.mean + win.margin < -BACKTEST.delta) return 'win';
  if (safe.mean + safe.margin < -BACKTEST.delta) return 'safe';
  // An accepted loss that is not even safe is still a proven loss.
  return abort.mean - abort.margin > BACKTEST.delta ? 'abort' : 'continue';
}

export function judgeBacktest(input: BacktestInput): Backtest {
  const { losses } = input;
  const days = losses.days.candidate.length;
  const looks =
    days < BACKTEST.min_days ? null : forThetas((_theta, word) => lookAtDays(losses.days, word, input.arm?.of));
  const held = input.held ?? null;
  const said = looks === null ? 'none' : backtestVerdict(looks, input.accepted_loss !== undefined);
  const verdict = held === null ? said : withheld(said);
  const accepted_loss = input.accepted_loss ?? null;
  return {
    schema: 1,
    candidate_release: input.candidate_release,
    stable_release: input.stable_release,
    arm: input.arm?.name ?? null,
    days,
    from: isoOfHour(losses.from_h),
    to: isoOfHour(losses.to_h),
    verdict,
    sentence: backtestSentence({
      verdict,
      arm: input.arm?.name ?? null,
      days,
      look: looks?.abort ?? null,
      tail: tailOf('abort', input.arm?.of ?? 1),
      losses,
      accepted_loss,
      held,
      tries: input.tries,
      least_days: BACKTEST.min_days,
    }),
    theta: forThetas((theta, name) => ({ look: looks?.[name] ?? null, guard: guardConstants(losses.hours, theta) })),
    consistency: looks === null ? null : consistencyOf(input),
    scale_kw: losses.scale_kw,
    stations_left_out: losses.stations_left_out,
    days_left_out: losses.days_left_out,
    mae_kw: losses.mae_kw,
    rmse_scaled: losses.rmse_scaled,
    tries: input.tries,
    looks: input.looks ?? [],
    accepted_loss,
  };
}

/** What was said before, of a candidate that was not looked at again: only the tries go on. */
export function saidAgain(before: Backtest, tries: number): Backtest {
  const said = before.sentence.replace(triesSentence(before.tries), '');
  return { ...before, tries, sentence: `${said}${triesSentence(tries)}` };
}

function consistencyOf({ issues, losses: { hours }, candidate_release }: BacktestInput): ConsistencyConstants {
  return consistencyConstants({ issues: issues ?? null, hours }, candidate_release);
}

/** sigma0^2 and kappa of D_t(theta) over the last 28 days of judged hours; null where there are fewer. */
export function guardConstants(hours: Sides, theta: number): GuardConstants | null {
  if (hours.candidate.length < 24 * (BACKTEST.guard_days - BACKTEST.guard_days_missing)) return null;
  const x = difference(hours, theta).slice(-24 * BACKTEST.guard_days);
  const sigma0_sq = variance(x);
  const ratio = sigma0_sq > 0 ? longRunVariance(x, BACKTEST.bartlett_hours) / sigma0_sq : 0;
  return { sigma0_sq, kappa: Math.max(BACKTEST.min_kappa, ratio) };
}

type Sides = { candidate: Float64Array; stable: Float64Array };

function difference(sides: Sides, theta: number): Float64Array {
  return sides.candidate.map((a, i) => a - (1 + theta) * (sides.stable[i] ?? Number.NaN));
}
