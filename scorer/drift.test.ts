import { expect, test } from 'vitest';
import { defaultJudge } from '../core/judge/settings.ts';
import { randomOf } from '../core/random.ts';
import { type DriftState, DriftWatch, driftSamples, driftStatus, newDrift } from './drift.ts';
import { History, heldHours } from './history.ts';

/** A full day ends at T. */
const T = 400_800;
const DELAY_H = defaultJudge.truth_delay_hours;
const STATIONS = 10;

type Event = { from_h: number; stations: number; times: number };

/** Readings of weeks before and after T: a day's and a week's shape, noise, and from an hour on some stations at another level. */
function reading(random: () => number, station: number, h: number, { from_h, stations, times }: Event): number {
  const shape = 100 + 10 * station + 30 * Math.sin((Math.PI * h) / 12) + (h % 168 < 48 ? -20 : 0);
  return (shape + 10 * (random() - 0.5)) * (h >= from_h && station < stations ? times : 1);
}

/** Watches `days` days after T hour by hour as readings come; the loss of each version in each hour is given. */
function replay(days: number, event: Event, loss: (h: number) => { stable: number; candidate: number }) {
  const random = randomOf(9);
  const history = new History(heldHours(DELAY_H));
  for (let s = 0; s < STATIONS; s++) history.addStation(`s${s}`);
  const watch = new DriftWatch(history, defaultJudge);
  let state = newDrift();
  for (let h = T - 504; h <= T + 24 * days; h++) {
    for (let s = 0; s < STATIONS; s++) history.set(s, h, reading(random, s, h, event), h);
    const target_h = h - DELAY_H;
    if (target_h <= T) continue;
    watch.watch(state, target_h, loss(target_h));
    // What the database keeps is text.
    state = JSON.parse(JSON.stringify(state)) satisfies DriftState;
  }
  return { watch, state };
}

const never: Event = { from_h: Number.POSITIVE_INFINITY, stations: 0, times: 1 };
const usual = () => ({ stable: 1, candidate: 1 });

test('a level shift of some stations is found in the inputs, and these stations are named', () => {
  const { watch, state } = replay(12, { from_h: T + 48, stations: 3, times: 1.3 }, usual);
  const inputs = state.seen.filter(({ side }) => side === 'inputs');
  expect(inputs.map(({ detector }) => detector).sort()).toEqual(['ks', 'psi']);
  for (const { events, last_h } of inputs) {
    expect(events).toBe(1);
    expect(last_h).toBeGreaterThan(T + 48);
    expect(last_h).toBeLessThanOrEqual(T + 48 + 24 * 8);
  }
  expect(driftStatus(watch, state, T + 12 * 24).sentence).toMatch(
    /^Neither .* The inputs have drifted in the last week/,
  );
});

test('without a shift nothing is seen, and every detector is exported at 0 events', () => {
  const { watch, state } = replay(10, never, usual);
  expect(state.seen).toEqual([]);
  const samples = driftSamples(watch, state, { release: 'r' });
  const [events, statistics, shares] = samples.map(([, rows]) => rows);
  expect(events?.map(({ value }) => value)).toEqual(Array(8).fill(0));
  expect(statistics?.every(({ value }) => value < 1)).toBe(true);
  expect(shares?.map(({ labels, value }) => [labels.detector, value])).toEqual([
    ['psi', 0],
    ['ks', 0],
  ]);
});

test('a candidate that drifts alone is told apart from data that changed for both', () => {
  const worse = (h: number) => (h > T + 24 * 16 ? 3 : 1) + 0.05 * Math.sin(h);
  const alone = replay(21, never, (h) => ({ stable: 1 + 0.05 * Math.cos(h), candidate: worse(h) }));
  expect(driftStatus(alone.watch, alone.state, T + 24 * 21)).toMatchObject({ candidate_alone: true });
  const both = replay(21, never, (h) => ({ stable: worse(h + 3), candidate: worse(h) }));
  const status = driftStatus(both.watch, both.state, T + 24 * 21);
  expect(status.candidate_alone).toBe(false);
  expect(status.sentence).toMatch(/^The errors of both versions have drifted/);
});

test('what is known late changes nothing: a look is at the readings as they were when the day closed', () => {
  const history = new History(heldHours(DELAY_H));
  history.addStation('s0');
  const random = randomOf(1);
  for (let h = T - 503; h <= T; h++) history.set(0, h, reading(random, 0, h, never), h);
  const [before, after] = [newDrift(), newDrift()];
  const watch = new DriftWatch(history, defaultJudge);
  watch.watch(before, T, null);
  for (let h = T - 167; h <= T; h++) history.set(0, h, 1e6, T + DELAY_H + 1);
  watch.watch(after, T, null);
  expect(after).toEqual(before);
  expect(after.inputs).toMatchObject({ looked_h: T, compared: 1 });
});

test('readings that are no longer held are not compared', () => {
  const history = new History(heldHours(DELAY_H));
  history.addStation('s0');
  for (let h = T - 503; h <= T + 200; h++) history.set(0, h, 1, h);
  const state = newDrift();
  new DriftWatch(history, defaultJudge).watch(state, T, null);
  expect(state.inputs.looked_h).toBeNull();
});
