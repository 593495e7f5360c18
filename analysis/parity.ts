import type { Gate } from '../core/gate.ts';
import { metrics } from '../core/metrics.ts';
import { latest, matured } from './matured.ts';

/** A forecast that cannot be recomputed from its inputs is a defect, not a statistic: wrong artefact, shifted hours, swapped stations. */
export const parity: Gate = {
  name: 'parity',
  reason: 'its pods serve other forecasts than its model makes from the same inputs',
  title: () => 'no recomputed forecast differs from the served one',
  unit: 'share',
  threshold: 0,
  fixed: true,
  kind: 'evidence',
  forgiven: 0,
  query: (context) => {
    const checked = latest(context, metrics.parity_checked);
    const share = `${latest(context, metrics.parity_broken)} / (${checked} > 0)`;
    return matured(context, 'max', share, `> ${context.threshold}`);
  },
  harmful: (threshold) => `x > ${threshold}`,
  good: (threshold) => `x <= ${threshold}`,
  detects: () => 'any served forecast that its model does not make',
};
