import type { Gate } from '../core/gate.ts';
import { metrics } from '../core/metrics.ts';
import { latest, matured } from './matured.ts';

/**
 * Live errors and forecasts must behave as they did in the backtest. The scorer keeps the largest deviation of the release's first 14 days, so
 * that an alarm between two looks is not lost and one that was raised stays raised; nothing is added to it afterwards
 * (docs/decisions/consistency-for-14-days.md). The worst alarm and arm decide, of each release for itself.
 */
export const consistency: Gate = {
  name: 'consistency',
  reason: 'it behaves otherwise than in its backtest',
  title: () => "live errors and forecasts deviate from the backtest's by no more than their limits",
  unit: 'of the limit',
  threshold: 1,
  fixed: true,
  kind: 'evidence',
  forgiven: 0,
  query: (context) => {
    const share = `${latest(context, metrics.consistency_z)} / ${latest(context, metrics.consistency_limit)}`;
    return matured(context, 'max', `max without (alarm) (${share})`, `> ${context.threshold}`);
  },
  harmful: (threshold) => `x > ${threshold}`,
  good: (threshold) => `x <= ${threshold}`,
  detects: () => "what leaves the backtest's limits, in the first 14 days",
};
