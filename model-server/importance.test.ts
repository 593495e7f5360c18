import { expect, test } from 'vitest';
import { randomOf } from '../core/random.ts';
import { LEADS } from '../core/record.ts';
import { HISTORY_HOURS, type Telemetry } from '../core/telemetry.ts';
import { importanceOf, stabilityOf } from './importance.ts';
import { noForecast, type Predictor } from './predictor.ts';
import { seasonal } from './seasonal.ts';

const START_H = 400_008;
const HOURS = 40 * 24;

/** Two stations whose readings are noise around what `of` says. */
function telemetry(of: (h: number) => number): Telemetry {
  const random = randomOf(4);
  const values_kw = [1, 10].map((size) =>
    Float64Array.from({ length: HOURS }, (_, i) => size * (of(START_H + i) + random() / 10)),
  );
  const stations = [
    { station_id: 'a', name: 'a' },
    { station_id: 'b', name: 'b' },
  ];
  return { name: 'made up', stations, start_h: START_H, hours: HOURS, values_kw };
}

const wave = (h: number) => 2 + Math.sin((2 * Math.PI * h) / 24) + Math.sin((2 * Math.PI * h) / 168);
const importance = (model: Predictor) =>
  importanceOf(model, telemetry(wave), START_H + HISTORY_HOURS, START_H + HOURS - LEADS);

test('what a forecast repeats is all that counts for it', async () => {
  expect(await importance(seasonal(24))).toEqual({ 'last-day': 1, 'last-week': 0, 'week-before': 0, calendar: 0 });
  expect(await importance(seasonal(168))).toEqual({ 'last-day': 0, 'last-week': 1, 'week-before': 0, calendar: 0 });
});

test('a model that looks at the clock alone needs nothing else, and one that looks at nothing has no shares', async () => {
  const says = (kw: (h: number) => number): Predictor => ({
    kind: 'clock',
    async forecast({ station_ids, issue_h }) {
      const values_kw = Float64Array.from({ length: station_ids.length * LEADS }, (_, i) => {
        const row = Math.floor(i / LEADS);
        return (station_ids[row] === 'a' ? 1 : 10) * kw((issue_h[row] ?? 0) + (i % LEADS) + 1);
      });
      return { ...noForecast(station_ids.length), values_kw };
    },
    dispose() {},
  });
  expect(await importance(says(wave))).toEqual({ 'last-day': 0, 'last-week': 0, 'week-before': 0, calendar: 1 });
  expect(await importance(says(() => 2))).toEqual({ 'last-day': 0, 'last-week': 0, 'week-before': 0, calendar: 0 });
});

test('shares that move from one part to another are told by how much', () => {
  expect(stabilityOf({ a: 0.5, b: 0.5 }, { a: 0.5, b: 0.5 })).toBe(1);
  expect(stabilityOf({ a: 0.75, b: 0.25 }, { a: 0.5, b: 0.5 })).toBe(0.75);
  expect(stabilityOf({ a: 1 }, { b: 1 })).toBe(0);
  expect(stabilityOf(undefined, { b: 1 })).toBeNull();
});
