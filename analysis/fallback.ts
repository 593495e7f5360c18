import { type Gate, inPercent } from '../core/gate.ts';
import { metrics } from '../core/metrics.ts';
import { lasting } from './lasting.ts';

/** Forecasts of the fallback are judged as if they were the candidate's: a release must not pass on its safety net. */
export const fallback: Gate = {
  name: 'fallback',
  reason: 'another predictor than its own answers its forecasts',
  title: (threshold) => `at most ${inPercent(threshold)} of the canary's forecasts come from the fallback`,
  unit: 'share',
  threshold: 0.01,
  kind: 'serving',
  forgiven: 1,
  query: (context) =>
    lasting(context, (range) => {
      const answered = `sum(increase(${metrics.forecasts.name}{${context.canary}}${range}))`;
      const fallen = `(sum(increase(${metrics.fallbacks.name}{${context.canary}}${range})) or vector(0))`;
      return `${fallen} / (${answered} > 0)`;
    }),
  harmful: (threshold) => `x > ${threshold}`,
  good: (threshold) => `x <= ${threshold}`,
  detects: ({ patience_h }, threshold) => `more than ${inPercent(threshold)} of forecasts for ${patience_h}h`,
};
