import { expect, test } from 'vitest';
import { LEADS } from '../../core/record.ts';
import { HISTORY_HOURS } from '../../core/telemetry.ts';
import type { Batch, Predictor } from '../predictor.ts';
import { seasonal } from '../seasonal.ts';
import { fallback } from './fallback.ts';
import { LINEAR_FEATURES, type LinearModel } from './linear.ts';
import { online } from './online.ts';
import { ridge } from './ridge.ts';

const linear: LinearModel = {
  weights: Float64Array.from({ length: LEADS * LINEAR_FEATURES }, (_, i) => Math.sin(i) / 10),
  margins: new Float64Array(LEADS).fill(0.5),
};
const learner = online(linear);
const history_kw = Float64Array.from({ length: HISTORY_HOURS }, (_, i) => 10 + Math.sin(i / 4) + (i % 7));
const batch: Batch = {
  station_ids: ['a'],
  issue_h: Int32Array.of(400_000),
  history_kw,
  states: learner.learning?.initial('a') ?? new Float64Array(),
};

test.each<[string, Predictor]>([
  ['seasonal', seasonal(24)],
  ['fallback', fallback()],
  ['ridge', ridge(linear)],
  ['online', learner],
])('%s forecasts the same values when nobody reads its intervals', async (_, predictor) => {
  const whole = await predictor.forecast(batch);
  const values = await predictor.forecast({ ...batch, values_only: true });
  expect(values.values_kw.every(Number.isFinite)).toBe(true);
  expect(values.values_kw).toEqual(whole.values_kw);
  expect(whole.low_kw.every(Number.isFinite)).toBe(true);
  expect(values.low_kw.some(Number.isFinite)).toBe(false);
});
