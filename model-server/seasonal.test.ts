import { expect, test } from 'vitest';
import { HISTORY_HOURS } from '../core/telemetry.ts';
import { scaled } from './scaled.ts';
import { seasonal } from './seasonal.ts';

/** History in which the reading of hour -i (0 = the issue hour) is i. */
function history(missing: number[] = []): Float64Array {
  return Float64Array.from({ length: HISTORY_HOURS }, (_, at) => {
    const age = HISTORY_HOURS - 1 - at;
    return missing.includes(age) ? Number.NaN : age;
  });
}

const batch = (...rows: Float64Array[]) => ({
  station_ids: rows.map((_, row) => `s${row}`),
  issue_h: new Int32Array(rows.length),
  history_kw: Float64Array.from(rows.flatMap((row) => [...row])),
});

test('each lead repeats the hour a day before its target', async () => {
  const { values_kw } = await seasonal(24).forecast(batch(history()));
  expect([...values_kw]).toEqual(Array.from({ length: 24 }, (_, at) => 23 - at));
});

test('a missing hour is replaced by the week before, then by the latest known', async () => {
  const gone_yesterday = history([23]);
  const gone_both = history([0, 1, 23, 167]);
  const { values_kw } = await seasonal(24).forecast(
    batch(gone_yesterday, gone_both, new Float64Array(HISTORY_HOURS).fill(Number.NaN)),
  );
  expect(values_kw[0]).toBe(167);
  expect(values_kw[24]).toBe(2);
  expect(values_kw[48]).toBeNaN();
});

test('the longest lag reaches exactly to the oldest hour, and a longer one is refused', async () => {
  const { values_kw, low_kw } = await seasonal(HISTORY_HOURS).forecast(batch(history()));
  expect(low_kw.every(Number.isNaN)).toBe(true);
  expect(values_kw[0]).toBe(HISTORY_HOURS - 1);
  expect(() => seasonal(HISTORY_HOURS + 1)).toThrow('lag_h 337 must be a whole number from 24 to 336');
});

test('scaled multiplies what its base forecasts', async () => {
  const { values_kw, low_kw, high_kw } = await scaled(seasonal(24), 1.5).forecast(batch(history()));
  expect([low_kw[0], values_kw[0], high_kw[0]]).toEqual([-1 * 1.5, 23 * 1.5, 47 * 1.5]);
});

test('the interval is as wide as nine in ten of the errors within the history', async () => {
  // A reading is one higher than a day before in the first hundred hours that can be compared, three in the others: 312 in all.
  const kw = new Float64Array(HISTORY_HOURS);
  for (let i = 24; i < HISTORY_HOURS; i++) kw[i] = (kw[i - 24] ?? 0) + (i < 24 + 100 ? 1 : 3);
  const mostly = kw.map((value, i) => (i === HISTORY_HOURS - 1 ? value + 50 : value));
  const { values_kw, low_kw, high_kw } = await seasonal(24).forecast(batch(mostly));
  expect([(values_kw[0] ?? 0) - (low_kw[0] ?? 0), (high_kw[0] ?? 0) - (values_kw[0] ?? 0)]).toEqual([3, 3]);
});
