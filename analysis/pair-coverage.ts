import type { Gate } from '../core/gate.ts';
import { metrics } from '../core/metrics.ts';
import { latest, matured } from './matured.ts';

/** Judging only the station-hours that the canary managed to forecast would reward it for failing at the hard ones. */
export const pairCoverage: Gate = {
  name: 'pair-coverage',
  reason: 'too few station-hours were forecast by both versions to compare them',
  title: 'both versions forecast at least 95 % of the station-hours',
  unit: 'share',
  threshold: 0.95,
  kind: 'evidence',
  forgiven: 0,
  query: (context) => {
    const expected = latest(context, metrics.pairs_expected);
    return matured(context, 'min', `${latest(context, metrics.pairs_complete)} / (${expected} > 0)`, null);
  },
  harmful: () => 'false',
  good: (threshold) => `x >= ${threshold}`,
};
