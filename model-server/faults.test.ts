import { expect, test } from 'vitest';
import { LEADS } from '../core/record.ts';
import { faults, sinceHours } from './faults.ts';
import type { Batch, Predictor } from './predictor.ts';

/** Forecasts the target hour itself. */
const honest: Predictor = {
  kind: 'honest',
  forecast: async ({ issue_h }) =>
    Float64Array.from(
      { length: issue_h.length * LEADS },
      (_, at) => (issue_h[Math.floor(at / LEADS)] ?? 0) + (at % LEADS) + 1,
    ),
  dispose() {},
};

const batch = (issue_h: number, ...station_ids: string[]): Batch => ({
  station_ids,
  issue_h: new Int32Array(station_ids.length).fill(issue_h),
  history_kw: new Float64Array(),
});

test('skew serves the hour after the target', async () => {
  const values = await faults.skew(honest)(batch(100, 'a', 'b'));
  expect([...values.subarray(0, 3)]).toEqual([102, 103, 104]);
  expect([values[22], values[23], values[24]]).toEqual([124, 124, 102]);
});

test('stale answers every station with the first forecast made for it', async () => {
  const stale = faults.stale(honest);
  await stale(batch(100, 'a'));
  const values = await stale(batch(200, 'b', 'a'));
  expect([values[0], values[LEADS]]).toEqual([201, 101]);
});

test('nan knows nothing', async () => {
  expect((await faults.nan()(batch(100, 'a'))).every(Number.isNaN)).toBe(true);
});

test('a fault that sets in later is honest until then', async () => {
  const { forecast } = sinceHours(5, honest, faults.nan);
  expect((await forecast(batch(100, 'a')))[0]).toBe(101);
  expect((await forecast(batch(104, 'a')))[0]).toBe(105);
  expect((await forecast(batch(105, 'a')))[0]).toBeNaN();
});
