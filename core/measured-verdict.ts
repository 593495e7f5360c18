import { accuracyOf, gatesOf, latencyOf, phasesOf } from './evidence.ts';
import type { Backtest, BacktestVerdict } from './judge/backtest.ts';
import { meaning } from './judge/backtest-sentence.ts';
import { decideOutcome, type Evidence } from './outcome.ts';
import type { Verdict, VerdictArm, VerdictBacktest } from './verdict.ts';

/** The part of a verdict that follows from its measurements alone. */
export type MeasuredVerdict = Pick<
  Verdict,
  'outcome' | 'reason' | 'phases' | 'gates' | 'backtest' | 'accuracy' | 'latency_ms_p99'
>;

/** What the evidence says: whoever has it gets the same verdict again. */
export function measuredVerdict(evidence: Evidence): MeasuredVerdict {
  const { backtest, gates, timeline } = evidence;
  return {
    ...decideOutcome(evidence),
    phases: timeline ? phasesOf(timeline) : [],
    gates: timeline ? gatesOf(timeline, gates) : [],
    backtest,
    accuracy: timeline ? accuracyOf(timeline) : { mae_ratio: null, lower: null, upper: null, hours: 0 },
    latency_ms_p99: timeline ? latencyOf(timeline) : { stable: null, canary: null },
  };
}

/** From the word that stops a release to the one that asks for nothing more. */
const worstFirst: readonly BacktestVerdict[] = ['abort', 'continue', 'none', 'safe', 'win'];

/** The backtest that decides: a release is as good as its worst arm. Of equal words, the larger error. `arms` has at least one. */
export function worstArm<Arm extends { backtest: Backtest }>(arms: readonly Arm[]): Arm {
  const rank = ({ backtest }: Arm) => worstFirst.indexOf(backtest.verdict);
  const error = ({ backtest }: Arm) => backtest.theta.abort.look?.mean ?? 0;
  return arms.reduce((worst, arm) => ((rank(arm) - rank(worst) || error(worst) - error(arm)) < 0 ? arm : worst));
}

/** The judged backtests of a release's arms as verdicts carry them: what the worst says, and all of them where there are several. */
export function backtestInVerdict(judged: readonly { backtest: Backtest }[]): VerdictBacktest {
  const { arm: name, sentence, ...said } = armInVerdict(worstArm(judged));
  if (judged.length === 1) return { ...said, sentence, arms: [] };
  const arms = judged.map(armInVerdict);
  const others = arms.filter(({ arm }) => arm !== name).map(({ arm, verdict }) => `${arm}, ${meaning[verdict]}`);
  return { ...said, sentence: `${sentence} Its other arms: ${others.join('; ')}.`, arms };
}

function armInVerdict({ backtest }: { backtest: Backtest }): VerdictArm {
  const { arm, verdict, days, theta, sentence } = backtest;
  const { look } = theta.abort;
  return { arm: arm ?? '', verdict, days, mean: look?.mean ?? null, margin: look?.margin ?? null, sentence };
}
