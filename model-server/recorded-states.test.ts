import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HISTORY_HOURS } from '../core/telemetry.ts';
import { type Batch, noForecast, type Predictor } from './predictor.ts';
import { RecordedStates, stateKey } from './recorded-states.ts';
import { seasonal } from './seasonal.ts';
import { StateStore } from './state-store.ts';

const release = `sha256:${'cd'.repeat(32)}`;
const BOUNDARY_H = 24 * 20_000;
const learner: Predictor = {
  kind: 'learner',
  learning: { size: 2, initial: () => Float64Array.of(-1, -2), learn: async () => {} },
  forecast: async ({ issue_h }) => noForecast(issue_h.length),
  dispose() {},
};
const opened = (arms = new Map<string, Predictor>()) => ({ release, arms });
const batch = (...of: [string, number][]): Batch => ({
  station_ids: of.map(([station_id]) => station_id),
  issue_h: Int32Array.from(of, ([, issue_h]) => issue_h),
  history_kw: new Float64Array(of.length * HISTORY_HOURS),
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gridramp-states-'));
});
afterEach(() => rm(folder, { recursive: true }));
const publish = (boundary_h: number, ...states: number[]) =>
  new StateStore(folder, { release, arm: 'only', size: 2 }, () => {}).publish({
    boundary_h,
    size: 2,
    station_ids: ['a', 'b'],
    states: Float64Array.from(states),
  });

test('each row has what its station had learned by its own day; who was not known then is at its beginning', async () => {
  await publish(BOUNDARY_H, 1, 2, 3, 4);
  await publish(BOUNDARY_H + 48, 5, 6, 7, 8);
  const recorded = new RecordedStates(folder, pino({ level: 'silent' }));
  const rows = batch(
    ['b', BOUNDARY_H + 49],
    ['a', BOUNDARY_H + 48],
    ['a', BOUNDARY_H + 1],
    ['c', BOUNDARY_H + 1],
    ['a', BOUNDARY_H],
  );
  const { states } = await recorded.taught(opened(), learner, rows);
  expect([...(states ?? [])]).toEqual([7, 8, 1, 2, 1, 2, -1, -2, -1, -2]);
});

test('a day that is learned meanwhile is seen', async () => {
  await publish(BOUNDARY_H, 1, 2, 3, 4);
  const recorded = new RecordedStates(folder, pino({ level: 'silent' }));
  const ask = async () => [...((await recorded.taught(opened(), learner, batch(['a', BOUNDARY_H + 25]))).states ?? [])];
  expect(await ask()).toEqual([1, 2]);
  await publish(BOUNDARY_H + 24, 5, 6, 7, 8);
  expect(await ask()).toEqual([5, 6]);
});

test('what does not learn needs no folder, and what does says that it is missing', async () => {
  const recorded = new RecordedStates(undefined, pino({ level: 'silent' }));
  const rows = batch(['a', BOUNDARY_H]);
  expect(await recorded.taught(opened(), seasonal(24), rows)).toBe(rows);
  await expect(recorded.taught(opened(), learner, rows)).rejects.toThrow('STATES is not set');
});

test('an arm has a name of its own', () => {
  const other = { ...learner };
  expect(stateKey(opened(new Map([['online', other]])), other)).toBe('online');
  expect(stateKey(opened(), learner)).toBe('only');
});
