import { accuracyOf, gatesOf, latencyOf, phasesOf } from './evidence.ts';
import type { Backtest } from './judge/backtest.ts';
import { decideOutcome, type Evidence } from './outcome.ts';
import type { Verdict, VerdictBacktest } from './verdict.ts';

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

/** A judged backtest as verdicts carry it. */
export function backtestInVerdict({ verdict, days, theta, sentence }: Backtest): VerdictBacktest {
  const { look } = theta.abort;
  return { verdict, days, mean: look?.mean ?? null, margin: look?.margin ?? null, sentence };
}
