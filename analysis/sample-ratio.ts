import { finite } from '../core/finite-promql.ts';
import type { Gate, GateContext } from '../core/gate.ts';
import { alarmingCounts, bounds, SAMPLE_RATIO, type Weights } from '../core/judge/groups/sample-ratio.ts';
import { metrics } from '../core/metrics.ts';
import { isDue, last, latest, worst } from './matured.ts';

/**
 * Whether the groups are what they are taken for: the canary has the share of stations that its weight says (chi-squared on stations, since
 * one hash decides for all hours of a station), and no group loses station-hours that the other keeps. While a weight moves, stations follow
 * at their next call, so a share between the old weight and the new one is no harm; but it is good only at the new one. Nothing is
 * served by the candidate in shadow, whose copies cannot be told from served calls, so the gate judges ramps alone.
 */
export const sampleRatio: Gate = {
  name: 'sample-ratio',
  reason: 'it answers another share of the stations than its weight says, or fewer of their hours',
  title: () =>
    `the canary's share of stations, and of their answered hours, is no worse than chance (chi-squared at most ${SAMPLE_RATIO.chi2})`,
  unit: 'of chi-squared',
  threshold: SAMPLE_RATIO.chi2,
  fixed: true,
  kind: 'evidence',
  only: 'ramp',
  forgiven: 3,
  query: (context) => {
    const { threshold, weights } = context;
    const moving = chi2Promql(context, weights);
    const settled = chi2Promql(context, { from: weights.to, to: weights.to });
    const lost = last(context, metrics.sample_ratio_chi2);
    const known = `(${settled} <= ${threshold}) unless on() (${lost} - ${lost} != 0)`;
    // Absent while the groups lost too few hours to be compared, which holds nothing up; but what is no number (x - x is not 0) does.
    return `(${moving} > ${threshold}) or (${worst(context, 'max', finite(lost))} > ${threshold}) or ((${known}) and on() ${isDue(context)})`;
  },
  harmful: (threshold) => `x > ${threshold}`,
  good: (threshold) => `x <= ${threshold}`,
  detects: ({ stations, weight, apart }) => {
    if (stations === null) return 'a share of stations that is no chance';
    const { fewer_than, more_than } = alarmingCounts(stations, weight, apart);
    const counts = [
      ...(fewer_than === null ? [] : [`fewer than ${fewer_than}`]),
      ...(more_than === null ? [] : [`more than ${more_than}`]),
    ];
    return counts.length === 0 ? 'nothing: too few stations' : `${counts.join(' or ')} of ${stations} stations`;
  },
};

/**
 * `weightChi2` over the scorer's counts; a share of 0 or 1 bounds nothing. The counts do not say which stations were pinned or kept out, only
 * the plan how many may have been: the bounds leave room for all of them, so that none can abort a release.
 */
function chi2Promql(context: GateContext, weights: Weights): string {
  // The same for every arm: a station of any arm is the candidate's.
  const stations = `(${worst(context, 'max', latest(context, metrics.stations_answered))} > 0)`;
  const canary = worst(context, 'max', latest(context, metrics.stations_canary));
  const { from, to } = bounds(weights);
  const { pinned, kept_out } = context.apart;
  const least = kept_out === 0 ? stations : `clamp_min(${stations} - ${kept_out}, 0)`;
  const most = `${stations} * ${to}${pinned === 0 ? '' : ` - ${pinned}`}`;
  const missing = `clamp_min(${least} * ${from} - ${canary} - 0.5, 0) ^ 2 / (${stations} * ${round(from * (1 - from))})`;
  const surplus = `clamp_min(${canary} - ${most} - 0.5, 0) ^ 2 / (${stations} * ${round(to * (1 - to))})`;
  return `(${[...(from > 0 ? [missing] : []), ...(to < 1 ? [surplus] : [])].join(' + ')})`;
}

/** As a person would write it. */
function round(share: number): number {
  return Number(share.toFixed(6));
}
