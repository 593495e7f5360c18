import { accuracyOf, gatesOf, latencyOf, phasesOf } from './evidence.ts';
import type { Backtest, BacktestVerdict } from './judge/backtest.ts';
import { meaning } from './judge/backtest-sentence.ts';
import { armAlpha } from './judge/guard.ts';
import { type ArmStanding, winnerOf } from './judge/winner.ts';
import { decideOutcome, type Evidence } from './outcome.ts';
import type { Verdict, VerdictArm, VerdictBacktest } from './verdict.ts';

/** The part of a verdict that follows from its measurements alone. */
export type MeasuredVerdict = Pick<
  Verdict,
  'outcome' | 'reason' | 'phases' | 'gates' | 'backtest' | 'arms' | 'accuracy' | 'latency_ms_p99'
>;

/** What the evidence says: whoever has it gets the same verdict again. */
export function measuredVerdict(evidence: Evidence): MeasuredVerdict {
  const { backtest, gates, timeline } = evidence;
  const arms = timeline?.arms ? armsInVerdict(timeline.arms) : null;
  const { outcome, reason } = decideOutcome(evidence);
  return {
    outcome,
    reason: outcome === 'promoted' && arms !== null ? `${reason} ${armsSentence(arms)}` : reason,
    phases: timeline ? phasesOf(timeline) : [],
    gates: timeline ? gatesOf(timeline, gates) : [],
    backtest,
    arms,
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

/** The arms whose backtests decide: one beside the default arm that is proven worse goes off before it answers anybody. */
export function decidingArms<Arm extends { backtest: Backtest }>(
  arms: readonly Arm[],
  default_arm: string | null,
): Arm[] {
  if (default_arm === null) return [...arms];
  return arms.filter(({ backtest: { arm, verdict } }) => arm === null || arm === default_arm || verdict !== 'abort');
}

/** The judged backtests of a release's arms as verdicts carry them: what the worst that decides says, and all of them where there are several. */
export function backtestInVerdict(
  judged: readonly { backtest: Backtest }[],
  default_arm: string | null,
): VerdictBacktest {
  const { arm: name, sentence, ...said } = armInVerdict(worstArm(decidingArms(judged, default_arm)));
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

/** How the arms stood at the end: which is ahead, and which are off and why. */
function armsInVerdict(standings: readonly ArmStanding[]): NonNullable<Verdict['arms']> {
  const { arm: winner, proven, sentence } = winnerOf(standings, armAlpha(standings.length));
  const off = standings
    .filter((standing) => standing.off)
    .map(({ arm, harm }) => ({ arm, why: harm ?? 'switched off by hand' }));
  return { winner, proven, sentence, off };
}

function armsSentence({ sentence, off }: NonNullable<Verdict['arms']>): string {
  return [sentence, ...off.map(({ arm, why }) => `Arm ${arm} is off: ${why}`)].join(' ');
}
