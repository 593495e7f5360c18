import type { Gate } from '../core/gate.ts';
import { metrics } from '../core/metrics.ts';
import { lasting } from './lasting.ts';

/** A stable version that costs next to nothing would make any other look expensive. */
const LEAST_STABLE_S = 0.0001;

/**
 * A learned model legitimately costs many times what copying yesterday costs, so this catches only what is out of all proportion:
 * a busy loop, a model reloaded at every request. Whether the price is worth it is for the assessment, not for a gate.
 */
export const cpu: Gate = {
  name: 'cpu',
  reason: 'it uses far more CPU time per forecast than the stable version',
  title: (threshold) => `CPU time per forecast at most ${threshold} times the stable's`,
  unit: 'times',
  threshold: 20,
  kind: 'serving',
  forgiven: 3,
  query: (context) =>
    lasting(
      context,
      (range) => `${cost(context.canary, range)} / clamp_min(${cost(context.stable, range)}, ${LEAST_STABLE_S})`,
    ),
  harmful: (threshold) => `x > ${threshold}`,
  good: (threshold) => `x <= ${threshold}`,
  detects: ({ patience_h }, threshold) => `more than ${threshold} times the stable's for ${patience_h}h`,
};

/** Seconds of CPU per forecast. */
function cost(version: string, range: string): string {
  const spent = `sum(increase(${metrics.cpu_s.name}{${version}}${range}))`;
  return `(${spent} / (sum(increase(${metrics.forecasts.name}{${version}}${range})) > 0))`;
}
