import { type Gate, inPercent } from '../core/gate.ts';
import { COVERAGE } from '../core/judge/coverage-floors.ts';
import { metrics } from '../core/metrics.ts';
import { latest, matured } from './matured.ts';

export const labelCoverage: Gate = {
  name: 'label-coverage',
  reason: 'too few readings have arrived to judge the forecasts by',
  title: (threshold) => `the truth of at least ${inPercent(threshold)} of the due station-hours has arrived`,
  unit: 'share',
  threshold: COVERAGE.min_labels,
  kind: 'evidence',
  forgiven: 0,
  query: (context) => {
    const expected = latest(context, metrics.labels_expected);
    return matured(context, 'min', `${latest(context, metrics.labels_matured)} / (${expected} > 0)`, null);
  },
  harmful: () => 'false',
  good: (threshold) => `x >= ${threshold}`,
  detects: (_phase, threshold) => `nothing harmful; waits below ${inPercent(threshold)} of the readings`,
};
