import { type Gate, inPercent } from '../core/gate.ts';
import { EXCEEDANCE } from '../core/judge/groups/latency.ts';
import { provenShare } from '../core/judge/groups/latency-power.ts';
import { metrics } from '../core/metrics.ts';
import { isDue, latest, worst } from './matured.ts';

/**
 * The proof behind `latency`: that gate compares quantiles of a window and may be wrong once in a while, this one bets over the whole
 * release and is wrong in one of a hundred, however often it is looked at. Copies of the shadow count like served calls.
 */
export const latencyExceedance: Gate = {
  name: 'latency-exceedance',
  reason:
    "it answers too slowly for too many calls: its latency exceeds the stable's p90 by 100 ms more than one time in ten",
  title: () =>
    `evidence that more than 10 % of its answers take ${EXCEEDANCE.slack_ms} ms longer than the stable's p90, below ${1 / EXCEEDANCE.alpha}`,
  unit: 'of evidence',
  threshold: 1 / EXCEEDANCE.alpha,
  fixed: true,
  kind: 'evidence',
  forgiven: 0,
  query: (context) => {
    // An arm that is asked only for pairs answers no call, and holds up nothing.
    const evidence = worst(context, 'max', latest(context, metrics.latency_e));
    return `(${evidence} and on() ${isDue(context)}) or (${evidence} >= ${context.threshold})`;
  },
  harmful: (threshold) => `x >= ${threshold}`,
  good: (threshold) => `x < ${threshold}`,
  detects: ({ latency_bets }) => {
    const slower = `${EXCEEDANCE.slack_ms} ms beyond the stable's p90`;
    if (latency_bets === null)
      return `little more than ${inPercent(EXCEEDANCE.null_rate)} of answers ${slower}, if they are many`;
    const share = provenShare(latency_bets);
    return share === null ? 'nothing: too few answers' : `${Math.ceil(100 * share)} % of answers ${slower}`;
  },
};
