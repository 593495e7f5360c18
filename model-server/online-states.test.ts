import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isoOfHour, REPLAYED_HOURS, type Telemetry } from '../core/telemetry.ts';
import { History } from './history.ts';
import { LearnedStates } from './learned-states.ts';
import { type LearningFault, OnlineStates } from './online-states.ts';
import { type Learning, learnedBy } from './predictor.ts';
import { StateStore } from './state-store.ts';

const START_H = 24 * 20_000 + 5;
const DAYS = 30;
const STATIONS = ['a', 'b'];
const telemetry: Telemetry = {
  name: 'made up',
  stations: STATIONS.map((station_id) => ({ station_id, name: station_id })),
  start_h: START_H,
  hours: 24 * DAYS,
  values_kw: STATIONS.map((_, s) => Float64Array.from({ length: 24 * DAYS }, (_, i) => Math.sin(i / (3 + s)))),
};
/** The first boundary for which every history of the log is whole. */
const ORIGIN_H = 24 * Math.ceil((START_H + 335 + 47) / 24);

/** Adds all that it is taught into one number, in which the order of the days shows. */
const summing: Learning = {
  size: 1,
  initial: () => Float64Array.of(1),
  learn: async (states, { station_ids, history_kw, truth_kw }) => {
    for (const s of station_ids.keys()) {
      const part = (all: Float64Array) =>
        all.subarray((s * all.length) / station_ids.length, ((s + 1) * all.length) / station_ids.length);
      const sum = [...part(history_kw), ...part(truth_kw)].reduce((total, value) => total + value, 0);
      states[s] = (states[s] ?? 0) / 2 + sum;
    }
  },
};

let folder: string;
let faults: LearningFault[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gridramp-states-'));
  faults = [];
});
afterEach(() => rm(folder, { recursive: true }));

const inFolder = (path = folder) =>
  new StateStore(path, { release: `sha256:${'ab'.repeat(32)}`, arm: 'online', size: 1 }, () => {});

/** A server that reads the log from `from_h` on, entry by entry. */
function server(store?: StateStore, learning = summing) {
  const history = new History();
  const learned: number[] = [];
  const online = new OnlineStates({
    learning,
    history,
    store,
    onLearned: ({ boundary_h }) => void learned.push(boundary_h),
    onFault: (fault) => faults.push(fault),
  });
  const read = async (from_h: number, to_h: number) => {
    for (let h = from_h; h <= to_h; h++) {
      const observations = STATIONS.map((station_id, s) => ({
        station_id,
        target_time: isoOfHour(h),
        value_kw: telemetry.values_kw[s]?.[h - START_H] ?? null,
      }));
      history.add({ available_at: isoOfHour(h), observations });
      await online.advance();
    }
  };
  return { online, history, learned, read };
}

async function offlineAt(issue_h: number): Promise<number[]> {
  const states = new LearnedStates(summing, telemetry, ORIGIN_H - 24);
  return [...(await states.at(learnedBy(issue_h)))];
}

test('a server learns what is learned offline, and answers for the four days back as it did then', async () => {
  const { online, read, learned } = server();
  const now_h = ORIGIN_H + 24 * 7 + 3;
  await read(START_H, now_h);
  expect(learned[0]).toBe(ORIGIN_H);
  for (const back_h of [0, 3, 4, 27, 28, 95])
    expect([...(await online.at(now_h - back_h, STATIONS))]).toEqual(await offlineAt(now_h - back_h));
  expect(await online.at(now_h, ['b', 'unknown'])).toEqual(
    Float64Array.of((await offlineAt(now_h))[1] ?? Number.NaN, 1),
  );
  expect(faults).toEqual([]);
});

test('before the first whole day every station is at its beginning', async () => {
  const { online, read } = server();
  await read(START_H, ORIGIN_H - 1);
  expect([...(await online.at(ORIGIN_H - 1, STATIONS))]).toEqual([1, 1]);
});

test('a server that starts later, with a shorter log, takes over what the first one has learned', async () => {
  const first = server(inFolder());
  const now_h = ORIGIN_H + 24 * 6 + 1;
  await first.read(START_H, now_h);
  const second = server(inFolder());
  await second.read(now_h - REPLAYED_HOURS + 48, now_h);
  expect([...(await second.online.at(now_h, STATIONS))]).toEqual(await offlineAt(now_h));
  // And goes on from there when it is alone.
  await second.read(now_h + 1, now_h + 24);
  expect([...(await second.online.at(now_h + 24, STATIONS))]).toEqual(await offlineAt(now_h + 24));
});

test('without the folder it begins anew', async () => {
  const now_h = ORIGIN_H + 24 * 6 + 1;
  const later = server();
  await later.read(now_h - REPLAYED_HOURS + 48, now_h);
  expect([...(await later.online.at(now_h, STATIONS))]).not.toEqual(await offlineAt(now_h));
});

test('while a day is being learned, forecasts of its last hour are not kept waiting, and those that must know it wait', async () => {
  const { online, history, read } = server();
  await read(START_H, ORIGIN_H - 1);
  history.add({
    available_at: isoOfHour(ORIGIN_H),
    observations: STATIONS.map((station_id, s) => ({
      station_id,
      target_time: isoOfHour(ORIGIN_H),
      value_kw: telemetry.values_kw[s]?.[ORIGIN_H - START_H] ?? null,
    })),
  });
  const advanced = online.advance();
  let ended = false;
  void advanced.then(() => {
    ended = true;
  });
  expect([...(await online.at(ORIGIN_H, STATIONS))]).toEqual([1, 1]);
  expect(ended).toBe(false);
  expect([...(await online.at(ORIGIN_H + 1, STATIONS))]).toEqual(await offlineAt(ORIGIN_H + 1));
  expect(ended).toBe(true);
});

test('a day that cannot be learned, or a folder that cannot be written, leaves forecasts with what was learned before', async () => {
  let broken = false;
  const breaking: Learning = {
    ...summing,
    learn: async (states, day) => {
      if (broken) throw new Error('diverged');
      await summing.learn(states, day);
    },
  };
  await writeFile(join(folder, 'file'), '');
  const { online, read } = server(inFolder(join(folder, 'file')), breaking);
  await read(START_H, ORIGIN_H + 1);
  const before = await online.at(ORIGIN_H + 1, STATIONS);
  expect([...before]).toEqual(await offlineAt(ORIGIN_H + 1));
  expect(faults.filter((fault) => fault !== 'read')).toEqual(['publish']);
  broken = true;
  await read(ORIGIN_H + 2, ORIGIN_H + 25);
  expect(await online.at(ORIGIN_H + 25, STATIONS)).toEqual(before);
  expect(faults.filter((fault) => fault !== 'read')).toEqual(['publish', 'learn']);
});

test('another log makes it begin anew', async () => {
  const { online, read, history } = server();
  await read(START_H, ORIGIN_H);
  history.forget();
  await online.forget();
  await read(START_H, START_H + 30);
  expect([...(await online.at(START_H + 30, STATIONS))]).toEqual([1, 1]);
});
