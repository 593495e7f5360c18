import { expect, test } from 'vitest';
import { HISTORY_HOURS } from '../core/telemetry.ts';
import { History, heldHours } from './history.ts';

const T = 400_000;
const HELD_HOURS = heldHours(6);

function filled(from_h: number, to_h: number): History {
  const history = new History(HELD_HOURS);
  history.addStation('a');
  for (let h = from_h; h <= to_h; h++) history.set(0, h, h, h);
  return history;
}

test('a cell is what was known of it then: not yet, wrong, corrected, withdrawn', () => {
  const history = filled(T - 10, T - 2);
  history.set(0, T - 1, 5, T + 1);
  history.set(0, T - 1, 6, T + 3);
  history.set(0, T - 1, Number.NaN, T + 6);
  const known = [T, T + 1, T + 2, T + 3, T + 5, T + 6].map((as_of_h) => history.asOf(0, T - 1, as_of_h));
  expect(known).toEqual([Number.NaN, 5, 5, 6, 6, Number.NaN]);
  expect([...history.inputs(0, T + 4).slice(-7)]).toEqual([T - 2, 6, ...Array(5).fill(Number.NaN)]);
  expect(history.truth(T - 1, T + 2)).toEqual(Float64Array.of(5));
});

test('what is no longer held is missing, never another hour', () => {
  const history = filled(T, T + 2 * HELD_HOURS);
  const newest_h = T + 2 * HELD_HOURS;
  expect(history.asOf(0, newest_h - HELD_HOURS + 1, newest_h)).toBe(newest_h - HELD_HOURS + 1);
  expect(history.asOf(0, newest_h - HELD_HOURS, newest_h)).toBeNaN();
  history.set(0, newest_h - HELD_HOURS, 1, newest_h);
  expect(history.asOf(0, newest_h, newest_h)).toBe(newest_h);
  expect(history.covers(newest_h - HELD_HOURS + HISTORY_HOURS)).toBe(false);
  expect(history.covers(newest_h - HELD_HOURS + HISTORY_HOURS + 1)).toBe(true);
  expect(history.covers(newest_h + 1)).toBe(true);
});

test('a gap in the feed, however long, leaves nothing old behind', () => {
  const history = filled(T, T + 20);
  history.set(0, T + 20, 7, T + 22);
  history.set(0, T + 20 + HELD_HOURS, 1, T + 20 + HELD_HOURS);
  expect(history.asOf(0, T + 20, T + 30)).toBeNaN();
  expect([...history.inputs(0, T + 20 + HELD_HOURS)].filter((value) => !Number.isNaN(value))).toEqual([1]);
});

test('a station is expected while a fortnight of readings, as known then, holds one', () => {
  const history = filled(T, T + HISTORY_HOURS + 10);
  const [retired, withdrawn, late] = ['b', 'c', 'd'].map((name) => history.addStation(name));
  history.set(retired ?? 0, T, 1, T + HISTORY_HOURS + 10);
  history.set(withdrawn ?? 0, T + 5, 1, T + HISTORY_HOURS + 10);
  history.set(withdrawn ?? 0, T + 5, Number.NaN, T + HISTORY_HOURS + 12);
  history.set(late ?? 0, T + HISTORY_HOURS - 1, 1, T + HISTORY_HOURS + 20);
  const expected = (h: number, late_hours: number) => history.expected(h, h + late_hours);
  expect(expected(T + HISTORY_HOURS - 1, 9)).toBe(1);
  expect(expected(T + HISTORY_HOURS - 1, 12)).toBe(3);
  expect(expected(T + HISTORY_HOURS - 1, 13)).toBe(2);
  expect(expected(T + HISTORY_HOURS - 1, 21)).toBe(3);
  expect(expected(T + HISTORY_HOURS, 12)).toBe(1);
  expect(expected(T + HISTORY_HOURS, 20)).toBe(2);
});
