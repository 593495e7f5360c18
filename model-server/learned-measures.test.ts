import { expect, test } from 'vitest';
import { measureLearned } from './learned-measures.ts';
import { createMeasures } from './measures.ts';
import type { Learning } from './predictor.ts';

test("the experts' weights are means over stations, and changes are sums", async () => {
  const learning: Learning = {
    size: 2,
    initial: () => new Float64Array(2),
    learn: async () => {},
    weights: ([of_control = 0]) => [
      { expert: 'control', leads: '1-3', weight: of_control },
      { expert: 'ridge', leads: '1-3', weight: 1 - of_control },
    ],
    drifts: ([, drifts = 0]) => drifts,
  };
  const measures = createMeasures();
  const states = Float64Array.of(0.25, 1, 0.75, 2, 0.125, 0, 0.375, 4);
  const table = { boundary_h: 24, size: 2, station_ids: ['a', 'b', 'c', 'd'], states };
  await measureLearned(measures, 'all', learning, table);
  const text = await measures.registry.metrics();
  expect(text).toContain('gridramp_ensemble_weight{arm="all",expert="control",lead_group="1-3"} 0.375\n');
  expect(text).toContain('gridramp_ensemble_weight{arm="all",expert="ridge",lead_group="1-3"} 0.625\n');
  expect(text).toContain('gridramp_drift_resets{arm="all"} 7\n');
});
