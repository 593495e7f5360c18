import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parsePlan } from '../../core/plan.ts';
import { settingRows } from './setting-rows.ts';

const plan = parsePlan(readFileSync('rollouts/forecast.yaml', 'utf8'), 'forecast.yaml');

test('what a plan sets, and what it does not', () => {
  const serving = { ...plan.resources.serving, gpus: 1, node_pool: 'gpu' };
  const rows = settingRows({
    ...plan,
    notify: [],
    stations: { inventory: 'stations.csv', pinned: [{ region: 'north' }, { id: 'S-1' }], kept_out: [] },
    success: { ...plan.success, feedback: null },
    resources: { ...plan.resources, serving },
    retraining: null,
    acknowledge: { [`sha256:${'4'.repeat(64)}`]: 'the feed was broken' },
  });
  expect(rows).toEqual(
    expect.arrayContaining([
      ['notify', 'nobody'],
      ['stations.inventory', 'stations.csv'],
      ['stations.pinned', 'region north; station S-1'],
      ['stations.kept_out', 'none'],
      ['success.feedback', 'above 3 of 5'],
      ['resources.serving', '1 CPU and 1Gi, 1 GPU, in the pool gpu, a pod'],
      ['retraining', 'never'],
      ['acknowledge sha256:444444444444', 'the feed was broken'],
    ]),
  );
});
