import { type Gate, inPercent } from '../core/gate.ts';
import { COVERAGE } from '../core/judge/coverage-floors.ts';
import { metrics } from '../core/metrics.ts';
import { latest, matured } from './matured.ts';

export const pairCoverage: Gate = {
  name: 'pair-coverage',
  reason: 'too few station-hours were forecast by both versions to compare them',
  title: (threshold) => `both versions forecast at least ${inPercent(threshold)} of the station-hours`,
  unit: 'share',
  threshold: COVERAGE.min_pairs,
  kind: 'evidence',
  forgiven: 0,
  query: (context) => {
    const expected = latest(context, metrics.pairs_expected);
    return matured(context, 'min', `${latest(context, metrics.pairs_complete)} / (${expected} > 0)`, null);
  },
  harmful: () => 'false',
  good: (threshold) => `x >= ${threshold}`,
  detects: (_phase, threshold) => `nothing harmful; waits below ${inPercent(threshold)} of the pairs`,
};
