import type { Gate } from '../core/gate.ts';
import { metrics } from '../core/metrics.ts';
import { always, latest } from './matured.ts';

export const valid: Gate = {
  name: 'valid',
  reason: 'its forecasts contain values that are not numbers',
  title: () => 'every forecast value is a finite number',
  unit: 'forecasts',
  threshold: 0,
  fixed: true,
  kind: 'serving',
  forgiven: 0,
  query: (context) => always(context, 'max', latest(context, metrics.invalid), `> ${context.threshold}`),
  harmful: (threshold) => `x > ${threshold}`,
  good: (threshold) => `x <= ${threshold}`,
  detects: () => 'any forecast that is no number',
};
