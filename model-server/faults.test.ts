import { expect, test } from 'vitest';
import { LEADS } from '../core/record.ts';
import { faults, sinceHours } from './faults.ts';
import type { Batch, Predictor } from './predictor.ts';

/** Forecasts the target hour itself, give or take a half. */
const honest: Predictor = {
  kind: 'honest',
  forecast: async ({ issue_h }) => {
    const values_kw = Float64Array.from(
      { length: issue_h.length * LEADS },
      (_, at) => (issue_h[Math.floor(at / LEADS)] ?? 0) + (at % LEADS) + 1,
    );
    return { values_kw, low_kw: values_kw.map((kw) => kw - 0.5), high_kw: values_kw.map((kw) => kw + 0.5) };
  },
  dispose() {},
};

const batch = (issue_h: number, ...station_ids: string[]): Batch => ({
  station_ids,
  issue_h: new Int32Array(station_ids.length).fill(issue_h),
  history_kw: new Float64Array(),
});

test('skew serves the hour after the target', async () => {
  const { values_kw, low_kw, high_kw } = await faults.skew(honest)(batch(100, 'a', 'b'));
  expect([...values_kw.subarray(0, 3)]).toEqual([102, 103, 104]);
  expect([values_kw[22], values_kw[23], values_kw[24]]).toEqual([124, 124, 102]);
  expect([low_kw[0], high_kw[0]]).toEqual([101.5, 102.5]);
});

test('stale answers every station with the first forecast made for it', async () => {
  const stale = faults.stale(honest);
  await stale(batch(100, 'a'));
  const { values_kw, low_kw } = await stale(batch(200, 'b', 'a'));
  expect([values_kw[0], values_kw[LEADS]]).toEqual([201, 101]);
  expect([low_kw[0], low_kw[LEADS]]).toEqual([200.5, 100.5]);
});

test('nan knows nothing', async () => {
  const { values_kw, low_kw, high_kw } = await faults.nan()(batch(100, 'a'));
  for (const kw of [values_kw, low_kw, high_kw]) expect(kw.every(Number.isNaN)).toBe(true);
});

test('a fault that sets in later is honest until then', async () => {
  const { forecast } = sinceHours(5, honest, faults.nan);
  expect((await forecast(batch(100, 'a'))).values_kw[0]).toBe(101);
  expect((await forecast(batch(104, 'a'))).values_kw[0]).toBe(105);
  expect((await forecast(batch(105, 'a'))).values_kw[0]).toBeNaN();
});
