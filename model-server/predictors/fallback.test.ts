import { expect, test } from 'vitest';
import { HISTORY_HOURS } from '../../core/telemetry.ts';
import { fallback } from './fallback.ts';

const forecastOf = async (reading: (i: number) => number) => {
  const history_kw = Float64Array.from({ length: HISTORY_HOURS }, (_, i) => reading(i));
  return await fallback().forecast({ station_ids: ['a'], issue_h: Int32Array.of(0), history_kw });
};

test('days that are alike are repeated, with an interval of no width', async () => {
  const { values_kw, low_kw, high_kw } = await forecastOf((i) => i % 24);
  expect([...values_kw]).toEqual(Array.from({ length: 24 }, (_, k) => k));
  expect(low_kw).toEqual(values_kw);
  expect(high_kw).toEqual(values_kw);
});

test('weeks that are alike are averaged where days are not', async () => {
  // The second week is 2 higher than the first: each error of the week is 2, those of the day are larger.
  const { values_kw, low_kw } = await forecastOf((i) => 10 * (Math.floor(i / 24) % 7) + (i < 168 ? 0 : 2));
  // Yesterday was day 6; tomorrow is day 0, which was 0 and 2.
  expect(values_kw[0]).toBe(1);
  expect(low_kw[0]).toBe(0);
});

test('a station that moves by the day but not by the hour is taken as it is now', async () => {
  const { values_kw } = await forecastOf((i) => 1000 + 5 * Math.floor(i / 18));
  expect(values_kw[0]).toBe(1000 + 5 * Math.floor((HISTORY_HOURS - 1) / 18));
  expect(values_kw[23]).toBe(values_kw[0]);
});

test('nothing is said of a station that nothing is known of', async () => {
  const { values_kw, low_kw } = await forecastOf(() => Number.NaN);
  expect(values_kw.every(Number.isNaN) && low_kw.every(Number.isNaN)).toBe(true);
});
