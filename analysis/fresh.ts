import { type Gate, inPercent } from '../core/gate.ts';
import { metrics } from '../core/metrics.ts';
import { always, latest } from './matured.ts';

/** A station whose readings stand still has a frozen forecast for good reason; the scorer counts only those whose input changed. */
export const fresh: Gate = {
  name: 'fresh',
  reason: 'its forecasts stand still while their inputs change',
  title: (threshold) =>
    `at most ${inPercent(threshold)} of the forecasts repeat the previous one although their input changed`,
  unit: 'share',
  threshold: 0.01,
  kind: 'serving',
  forgiven: 0,
  query: (context) => {
    const share = `${latest(context, metrics.frozen)} / (${latest(context, metrics.pairs_complete)} > 0)`;
    return always(context, 'max', share, `> ${context.threshold}`);
  },
  harmful: (threshold) => `x > ${threshold}`,
  good: (threshold) => `x <= ${threshold}`,
  detects: (_phase, threshold) => `more than ${inPercent(threshold)} of forecasts that stand still`,
};
