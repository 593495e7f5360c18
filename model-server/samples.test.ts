import { expect, test } from 'vitest';
import { LEADS } from '../core/record.ts';
import { HISTORY_HOURS, type Telemetry } from '../core/telemetry.ts';
import { FEATURES, fillFeatures, impute } from './features.ts';
import { isWithheld, trainingSamples } from './samples.ts';

const START_H = 400_000;
/** As many as the one sample needs that they hold. */
const HOURS = HISTORY_HOURS + LEADS;

function setOf(reading: (i: number) => number): Telemetry {
  const values_kw = [Float64Array.from({ length: HOURS }, (_, i) => reading(i))];
  return { name: 'made up', stations: [{ station_id: 'a', name: 'a' }], start_h: START_H, hours: HOURS, values_kw };
}

const load = (i: number) => 100 + 20 * Math.sin(i / 3) + i / 7;

test.each([
  ['a whole history', (i: number) => load(i)],
  ['a station that begins ten hours before', (i: number) => (i < HISTORY_HOURS - 10 ? Number.NaN : load(i))],
  ['a gap before the issue hour', (i: number) => (i >= 300 && i < HISTORY_HOURS ? Number.NaN : load(i))],
])('features are those that a server would have made: %s', (_what, reading) => {
  const telemetry = setOf(reading);
  const { size, draw } = trainingSamples(telemetry, HOURS);
  expect(size).toBe(1);
  const { features, residuals } = draw(() => 0, 1);
  const history = telemetry.values_kw[0]?.slice(0, HISTORY_HOURS) ?? new Float64Array();
  impute(history);
  const served = new Float32Array(FEATURES);
  const scale = fillFeatures(history, HISTORY_HOURS - 1, START_H + HISTORY_HOURS - 1, served, 0);
  expect(features).toEqual(served);
  const base = history[HISTORY_HOURS - 24] ?? Number.NaN;
  expect(residuals[0]).toBeCloseTo((load(HISTORY_HOURS) - base) / scale, 5);
  expect(residuals.every(Number.isFinite)).toBe(true);
});

test('nothing is learned from hours before a station began', () => {
  expect(
    trainingSamples(
      setOf((i) => (i < HISTORY_HOURS ? Number.NaN : load(i))),
      HOURS,
    ).size,
  ).toBe(0);
});

test('hours of a withheld week are forecast by no sample', () => {
  const hours = 8 * 168;
  const values_kw = [Float64Array.from({ length: hours }, (_, i) => load(i))];
  const { size } = trainingSamples({ ...setOf(load), hours, values_kw }, hours);
  expect(Array.from({ length: hours }, (_, i) => i).filter(isWithheld)).toEqual(
    Array.from({ length: 168 }, (_, i) => 3 * 168 + i),
  );
  // Issue hours whose 24 targets lie in the third week, and in the four after the fourth.
  expect(size).toBe(168 - LEADS + 1 + (4 * 168 - LEADS + 1));
});
