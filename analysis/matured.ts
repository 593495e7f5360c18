import type { GateContext } from '../core/gate.ts';
import { metrics, thetas } from '../core/metrics.ts';

/** `value` once the phase's hours are judged; until then only where it `harms`, a comparison like "> 0". Never harmful: null. */
export function matured(context: GateContext, value: string, harms: string | null): string {
  const hours = latest(context, metrics.pair_hours, `theta="${thetas.abort}"`);
  const waiting = `((${value}) and on() (${hours} >= ${context.min_hours}))`;
  return harms === null ? waiting : `${waiting} or ((${value}) ${harms})`;
}

/**
 * The canary's last value of one of the scorer's gauges. It outlives a restart of the scorer by one window: a gap would start a phase
 * again. Not aggregated: two releases under one pod hash must stay two series, which decide nothing.
 */
export function latest({ canary, window }: GateContext, metric: { name: string }, matchers?: string): string {
  return `last_over_time(${metric.name}{${canary}${matchers === undefined ? '' : `,${matchers}`}}[${window}])`;
}
