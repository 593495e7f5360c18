import type { Apart } from './cohort.ts';
import type { JudgedPhase } from './judged-phase.ts';

/**
 * How one thing is judged: a file of `analysis/` exports one. The compiler turns it into an AnalysisTemplate metric.
 *
 * The policy for odd results, for every gate alike: `query` must yield exactly one series. It is *harmful* when `harmful` holds, *good* when `good`
 * holds, and nothing else decides: empty (no data, or evidence not matured), NaN, infinite and several series are inconclusive, which waits, and
 * pauses the release when the phase's time is up. A metric passes when it has been good `consecutive` times in a row.
 */
export type Gate = {
  /** kebab-case; the metric's name in the AnalysisRun and the key in the plan's `gates`. */
  name: string;
  /** Completes "The release was aborted because …" */
  reason: string;
  /** What a good value is, for people, with the limit that holds: "p99 of the canary at most 100 ms above the stable's". */
  title: (threshold: number) => string;
  unit: string;
  /** Threshold if the plan sets none. */
  threshold: number;
  /** No plan may set the threshold: the statistics give it, or any value above it is a defect. Another one would switch the judge off. */
  fixed?: true;
  /** `evidence` gates wait for labels: they pass once the phase's hours are scored. `serving` gates must be good through the whole phase. */
  kind: 'evidence' | 'serving';
  /** The only phases that it can say anything about; absent: every phase. */
  only?: 'ramp';
  /** Harmful measurements that are forgiven per phase. */
  forgiven: number;
  /** PromQL that yields one series. */
  query: (context: GateContext) => string;
  /** Harm, and goodness, of `x` in words of Argo's expression language, e.g. `x > 100`. Never both. */
  harmful: (threshold: number) => string;
  good: (threshold: number) => string;
  /** The least harm that it finds in a phase, if it is there from the release's start on, as a short phrase: "any restart". */
  detects: (phase: JudgedPhase, threshold: number) => string;
};

export type GateContext = {
  /** Label matchers that select the canary's and the stable's series: `pod_hash="{{args.canary-hash}}"`. */
  canary: string;
  stable: string;
  threshold: number;
  /** PromQL duration over which rates are taken. */
  window: string;
  /** Judged live hours (n) that this phase must have reached; evidence gates are empty below it unless harmful. */
  min_hours: number;
  /** Domain hours that the release must have been forecast for: the phase's end. */
  age_hours: number;
  /** Share of stations that the phase before gave the canary, and that this one gives it. */
  weights: { from: number; to: number };
  apart: Apart;
  /** Whether the release has a usable backtest: without one the guard itself must say safe. */
  backtested: boolean;
  /** Whether the plan accepts a proven small loss: accuracy then aborts for a loss that is proven to be more than 5 %. */
  accepted_loss: boolean;
};

/** Whether more is better, as of a coverage: the gate's own words say it. */
export function isFloor({ good }: Pick<Gate, 'good'>): boolean {
  return good(0).includes('>');
}

/** A share as people write it: 0.015 is "1.5 %". */
export function inPercent(share: number): string {
  return `${Number((100 * share).toPrecision(6))} %`;
}

/** Gates of which no plan may set the limit. A test holds the list equal to what the gates say. */
export const fixedGates: readonly string[] = [
  ...['accuracy', 'accuracy-safe', 'backtest', 'consistency', 'latency-exceedance', 'parity', 'sample-ratio'],
  'valid',
];
