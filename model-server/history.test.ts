import { expect, test } from 'vitest';
import { HISTORY_HOURS, isoOfHour, type LogEntryInput } from '../core/telemetry.ts';
import { History, REPLAY_HOURS } from './history.ts';

const START_H = 400_000;

/** One entry at hour `h` with the readings of `values`: [target hour, kW]. */
const entry = (h: number, ...values: [number, number | null][]): LogEntryInput => ({
  available_at: isoOfHour(h),
  observations: values.map(([target_h, value_kw]) => ({ station_id: 's', target_time: isoOfHour(target_h), value_kw })),
});

function followed(hours: number): History {
  const history = new History();
  for (let h = START_H; h < START_H + hours; h++) history.add(entry(h, [h, h - START_H]));
  return history;
}

const at = (history: History, issue_h: number, age: number) =>
  history.batch(['s'], issue_h).history_kw[HISTORY_HOURS - 1 - age];

test('a history ends at the issue hour and is missing before the first reading', () => {
  const { history_kw } = followed(10).batch(['s'], START_H + 7);
  expect([...history_kw.subarray(-8)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(history_kw.subarray(0, -8).every(Number.isNaN)).toBe(true);
});

test('what arrives late or is corrected does not change the answer for an earlier issue hour', () => {
  const history = new History();
  history.add(entry(START_H, [START_H, 1]));
  history.add(entry(START_H + 1));
  history.add(entry(START_H + 2, [START_H + 1, 5], [START_H, 2]));
  history.add(entry(START_H + 3, [START_H, null]));
  expect(at(history, START_H + 1, 0)).toBeNaN();
  expect(at(history, START_H + 1, 1)).toBe(1);
  expect(at(history, START_H + 2, 1)).toBe(5);
  expect(at(history, START_H + 2, 2)).toBe(2);
  expect(at(history, START_H + 3, 3)).toBeNaN();
});

test('the oldest issue hour that is answered still has its whole history; an older one is refused', () => {
  const history = followed(1000);
  const oldest_h = START_H + 999 - REPLAY_HOURS + 1;
  expect(history.batch(['s'], oldest_h).history_kw.some(Number.isNaN)).toBe(false);
  expect(at(history, oldest_h, 335)).toBe(oldest_h - 335 - START_H);
  expect(() => history.batch(['s'], oldest_h - 1)).toThrow('the oldest that this server can still answer');
});

test('a reading older than the ring never takes the place of a newer one', () => {
  const history = followed(1000);
  const last_h = START_H + 999;
  history.add(entry(last_h + 1, [last_h - (HISTORY_HOURS + REPLAY_HOURS), -1]));
  expect(history.batch(['s'], last_h).history_kw.every((value) => value >= 0)).toBe(true);
});

test('waiting for an hour ends when it is reached, or with false when it is not', async () => {
  const history = followed(1);
  const waiting = history.reached(START_H + 2, 60_000);
  history.add(entry(START_H + 1));
  history.add(entry(START_H + 2));
  expect(await waiting).toBe(true);
  expect(await history.reached(START_H + 3, 1)).toBe(false);
});
