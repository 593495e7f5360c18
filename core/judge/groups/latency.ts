import type { Group } from './compare.ts';

/** Latency exceedances: how often the candidate is slower than nine in ten of the stable's answers and 100 ms more. */
export const EXCEEDANCE = {
  quantile: 0.9,
  slack_ms: 100,
  /** Share of a candidate's answers above the threshold that is still no harm: what the stable's own would have without the slack. */
  null_rate: 0.1,
  alpha: 0.01,
  /** Calls of the candidate in one bet: a pause of the machine must stay a small part of it. */
  block_calls: 300,
  /** Where calls are so few, a bet is made on what two days gave. */
  block_hours: 48,
  /** Below so many answers of a version in a block nothing is said of it: the stable's quantile is then the one of the block before. */
  least_calls: 20,
} as const;

/** Shares of the largest bet that cannot lose everything. */
export const BETS = [0.05, 0.1, 0.2, 0.4, 0.8] as const;

/** Growth from one bucket of latencies to the next. */
const STEP = 1.1;
const LEAST_MS = 0.1;
/** Five minutes; slower is as slow. */
const LAST_BUCKET = 157;

/** Calls by bucket of latency; buckets without a call are absent. */
export type Latencies = Record<number, number>;
export type GroupLatencies = Record<Group, Latencies>;

/** What is known of a candidate's latency; JSON-serialisable, a few hundred numbers at most. */
export type LatencyState = {
  /** Calls since the last bet, and the issue hours that they are of. */
  block: GroupLatencies;
  block_hours: number;
  /** The stable's 90 % quantile when it was last known, ms. */
  stable_ms: number | null;
  bets: number;
  /** Share of the last bet's calls above its threshold. */
  exceeded: number | null;
  /** ln of what each of BETS has made of 1. */
  wealth_ln: number[];
  /** The largest e-value so far: by Ville's inequality it may be read at any time, and proof does not expire. */
  e: number;
};

export function newLatency(): LatencyState {
  return {
    block: { canary: {}, control: {} },
    block_hours: 0,
    stable_ms: null,
    bets: 0,
    exceeded: null,
    wealth_ln: BETS.map(() => 0),
    e: 1,
  };
}

/** Enough to be beyond doubt, and finite for Prometheus. */
const MOST_E = 1e9;

/** Adds the answers of one issue hour, in whatever order they came, and bets once there are enough. */
export function addLatencies(state: LatencyState, answers: readonly { group: Group; latency_ms: number }[]): void {
  for (const { group, latency_ms } of answers) {
    const counts = state.block[group];
    const bucket = bucketOf(latency_ms);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  state.block_hours++;
  const calls = callsOf(state.block.canary);
  const due = calls >= EXCEEDANCE.block_calls || state.block_hours >= EXCEEDANCE.block_hours;
  if (due && calls >= EXCEEDANCE.least_calls) bet(state);
}

/**
 * Bets on the block's share of exceedances against the null that its mean is at most 10 %: Waudby-Smith & Ramdas, "Estimating means of
 * bounded random variables by betting" (JRSS B 2024), the diversified bet, which needs no tuning: the mean of several fixed ones. One bet
 * per block, because calls of one moment are slow together. Both versions are held against the stable in the same block, so that a
 * machine that is slow for everyone proves nothing. Without a threshold nothing is bet.
 */
function bet(state: LatencyState): void {
  const { canary, control } = state.block;
  state.block = { canary: {}, control: {} };
  state.block_hours = 0;
  if (callsOf(control) >= EXCEEDANCE.least_calls) state.stable_ms = quantileMs(control, EXCEEDANCE.quantile);
  if (state.stable_ms === null) return;
  const exceeded = shareAbove(canary, state.stable_ms + EXCEEDANCE.slack_ms);
  state.exceeded = exceeded;
  state.bets++;
  state.wealth_ln = state.wealth_ln.map((ln, i) => ln + Math.log(outcome(BETS[i] ?? 0, exceeded)));
  const e = state.wealth_ln.reduce((sum, ln) => sum + Math.exp(ln), 0) / BETS.length;
  state.e = Math.max(state.e, Math.min(e, MOST_E));
}

/** What a bet makes of 1: at least 1 - share, so that nothing is ever lost whole. */
function outcome(share: number, exceeded: number): number {
  return 1 + (share / EXCEEDANCE.null_rate) * (exceeded - EXCEEDANCE.null_rate);
}

function bucketOf(latency_ms: number): number {
  const bucket = Math.ceil(Math.log(latency_ms / LEAST_MS) / Math.log(STEP));
  return Math.min(Math.max(bucket, 0), LAST_BUCKET);
}

/** Slowest latency of a bucket. */
function upperMs(bucket: number): number {
  return LEAST_MS * STEP ** bucket;
}

/** Upper edge of the bucket in which the quantile lies: of n + 1 calls the one that a further call exceeds no more often than it may. */
function quantileMs(counts: Latencies, quantile: number): number {
  const calls = callsOf(counts);
  let [below, bucket] = [0, 0];
  for (; bucket < LAST_BUCKET; bucket++) {
    below += counts[bucket] ?? 0;
    if (below >= quantile * (calls + 1)) break;
  }
  return upperMs(bucket);
}

/** Share of calls in buckets that lie wholly above: never too large. */
function shareAbove(counts: Latencies, threshold_ms: number): number {
  let above = 0;
  for (const [bucket, calls] of Object.entries(counts)) if (upperMs(Number(bucket) - 1) >= threshold_ms) above += calls;
  return above / callsOf(counts);
}

function callsOf(counts: Latencies): number {
  return Object.values(counts).reduce((sum, calls) => sum + calls, 0);
}
