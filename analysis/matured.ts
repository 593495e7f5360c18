import { finite } from '../core/finite-promql.ts';
import type { GateContext } from '../core/gate.ts';
import { metrics, thetas } from '../core/metrics.ts';

type Side = 'min' | 'max';

/** The worst arm's value once the phase is due; until then only where it `harms`, a comparison like "> 0". Never harmful: null. */
export function matured(context: GateContext, side: Side, value: string, harms: string | null): string {
  const waiting = `(${known(context, side, value)} and on() ${isDue(context)})`;
  return harms === null ? waiting : `${waiting} or (${worst(context, side, value)} ${harms})`;
}

/** The worst arm's value once every arm has one; until then only where it `harms`. */
export function always(context: GateContext, side: Side, value: string, harms: string): string {
  return `${known(context, side, value)} or (${worst(context, side, value)} ${harms})`;
}

/** `max` and `min` pass over an arm whose value is absent or NaN, which would make it as good as the others: so empty until each has a number. */
function known(context: GateContext, side: Side, value: string): string {
  const arms = latest(context, metrics.release_hours);
  return `(${worst(context, side, value)} and on() (count(${on(context, finite(value))}) == count(${on(context, arms)})))`;
}

/** Empty until the release is as old as the phase's end and enough hours of each arm are judged: wall time says nothing about labels. */
export function isDue(context: GateContext): string {
  const judged = latest(context, metrics.pair_hours, `theta="${thetas.abort}"`);
  const age = latest(context, metrics.release_hours);
  return `(${worst(context, 'min', judged)} >= ${context.min_hours} and on() ${worst(context, 'min', age)} >= ${context.age_hours})`;
}

/** A release is as good as the worst of its arms that are on. Only arms become one series: two releases stay two, which decide nothing. */
export function worst(context: GateContext, side: Side, value: string): string {
  return `${side} without (arm) (${on(context, value)})`;
}

/** Without the arms that a kill switch keeps from answering. A scorer of before there were any exports no switch: all are on. */
function on(context: GateContext, value: string): string {
  return `((${value}) unless on(release, pod_hash, arm) (${last(context, metrics.arm_switched_off)} == 1))`;
}

/**
 * The canary's last value of one of the scorer's gauges, where it is a number. It outlives a restart of the scorer by one window: a gap would start a phase
 * again. Not aggregated: two releases under one pod hash must stay two series, which decide nothing.
 */
export function latest(context: GateContext, metric: { name: string }, matchers?: string): string {
  return finite(last(context, metric, matchers));
}

/** The same, whatever its value is. */
export function last({ canary, window }: GateContext, metric: { name: string }, matchers?: string): string {
  return `last_over_time(${metric.name}{${canary}${matchers === undefined ? '' : `,${matchers}`}}[${window}])`;
}
