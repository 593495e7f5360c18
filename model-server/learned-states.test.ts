import { expect, test } from 'vitest';
import { LEADS } from '../core/record.ts';
import { HISTORY_HOURS, type Telemetry } from '../core/telemetry.ts';
import type { Lateness } from './known-hours.ts';
import { LearnedStates } from './learned-states.ts';
import { offlineForecasts } from './offline.ts';
import { DAY_TRUTH_HOURS, type Learning, type LearningDay, noForecast, type Predictor } from './predictor.ts';

const START_H = 24 * 20_000;
const HOURS = 24 * 30;
const telemetry: Telemetry = {
  name: 'made up',
  stations: ['a', 'b'].map((station_id) => ({ station_id, name: station_id })),
  start_h: START_H,
  hours: HOURS,
  values_kw: [1, 2].map((size) => Float64Array.from({ length: HOURS }, (_, i) => size * i)),
};

/** Readings of station b come three hours late. */
const late: Lateness = { max_h: 3, hours: (station) => 3 * station };

/** Counts the days that each station was taught. */
function counting(days: LearningDay[]): Learning {
  return {
    size: 1,
    initial: (station_id) => Float64Array.of(station_id === 'a' ? 0 : 100),
    dayBefore: (state) => state,
    learn: async (states, day) => {
      days.push(day);
      for (const s of states.keys()) states[s] = (states[s] ?? 0) + 1;
    },
  };
}

test('a day teaches the 24 issue hours whose targets have passed, each with the history known then, and the truth known now', async () => {
  const days: LearningDay[] = [];
  const states = new LearnedStates(counting(days), telemetry, START_H + 24 * 20, late);
  expect([...(await states.at(START_H + 24 * 20 + 23))]).toEqual([0, 100]);
  expect([...(await states.at(START_H + 24 * 21))]).toEqual([1, 101]);
  const [day] = days;
  if (day === undefined) throw new Error('no day was taught');
  expect(day.station_ids).toEqual(['a', 'b']);
  expect(day.boundary_h).toBe(START_H + 24 * 21);
  const newest = (row: number) => day.history_kw.subarray((row + 1) * HISTORY_HOURS - 4, (row + 1) * HISTORY_HOURS);
  const first = 24 * 21 - 47;
  expect([...newest(0)]).toEqual([first - 3, first - 2, first - 1, first]);
  expect([...newest(23)]).toEqual([first + 20, first + 21, first + 22, first + 23]);
  expect([...newest(24)]).toEqual([2 * (first - 3), Number.NaN, Number.NaN, Number.NaN]);
  const truth = (station: number) => day.truth_kw.subarray(station * DAY_TRUTH_HOURS, (station + 1) * DAY_TRUTH_HOURS);
  expect(truth(0)[0]).toBe(first + 1);
  expect(truth(0)[DAY_TRUTH_HOURS - 1]).toBe(first + 23 + LEADS);
  expect([...truth(1).subarray(-4)]).toEqual([2 * (24 * 21 - 3), Number.NaN, Number.NaN, Number.NaN]);
});

test('states only move on', async () => {
  const states = new LearnedStates(counting([]), telemetry, START_H);
  await states.at(START_H + 48);
  await expect(states.at(START_H + 47)).rejects.toThrow('are gone');
});

test('a forecast has the state of the last boundary before its issue hour, whatever the ranges', async () => {
  const seen = new Map<number, number[]>();
  const predictor: Predictor = {
    kind: 'counting',
    learning: counting([]),
    forecast: async ({ issue_h, states = new Float64Array() }) => {
      for (const [row, h] of issue_h.entries()) seen.set(h, [...(seen.get(h) ?? []), states[row] ?? Number.NaN]);
      return noForecast(issue_h.length);
    },
    dispose() {},
  };
  const forecast = offlineForecasts(predictor, telemetry);
  const from_h = START_H + 30;
  await forecast(from_h, from_h + 7, () => {});
  await forecast(from_h + 7, from_h + 60, () => {});
  expect(seen.size).toBe(60);
  for (const [h, states] of seen) {
    const days = Math.floor((h - 1 - START_H) / 24) - 1;
    expect(states).toEqual([days, 100 + days]);
  }
});
