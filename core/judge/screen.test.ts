import { expect, test } from 'vitest';
import { judgedTruth } from './screen.ts';

const START_H = 24 * 1000 + 1;
const HOURS = 24 * 15;
const load = (i: number) => 100 + 30 * Math.sin((2 * Math.PI * i) / 24) + (i % 7) + i / 1000;
const FAULT = 24 * 12 + 5;

const recorded = {
  stations: [{ station_id: 'a' }, { station_id: 'b' }],
  start_h: START_H,
  values_kw: [
    Float64Array.from({ length: HOURS }, (_, i) => (i === FAULT ? -load(i) : load(i))),
    Float64Array.from({ length: HOURS }, (_, i) => (i === 3 ? -1 : load(i))),
  ],
};
const range = { from_h: START_H + 24 * 11, to_h: START_H + HOURS - 1 };

test('recorded readings judge as live ones do: as known at the close, without what cannot be true', () => {
  const late_hours = (station: number, target_h: number) => (station === 1 && target_h === START_H + FAULT + 1 ? 7 : 0);
  const { truth, quarantined } = judgedTruth(recorded, range, { truth_delay_hours: 6, late_hours });
  expect(quarantined).toEqual({ negative: 1, spike: 0, zero: 0, stuck: 0 });
  const missing = truth.values_kw.map((values) => [...values.keys()].filter((i) => Number.isNaN(values[i])));
  expect(missing).toEqual([[FAULT], [FAULT + 1]]);
  // What lies before the range is as recorded, and the recording itself stays.
  expect(truth.values_kw[1]?.[3]).toBe(-1);
  expect(recorded.values_kw[0]?.[FAULT]).toBeLessThan(0);
  expect(judgedTruth(recorded, range, { truth_delay_hours: 7, late_hours }).truth.values_kw[1]).not.toContain(
    Number.NaN,
  );
});

test('every station-hour of the range is seen once', () => {
  let seen = 0;
  judgedTruth(recorded, range, { truth_delay_hours: 6, late_hours: () => 0, onReading: () => seen++ });
  expect(seen).toBe(2 * (range.to_h - range.from_h + 1));
});
