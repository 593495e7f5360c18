import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { request } from 'undici';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LEADS } from '../core/record.ts';
import { registryPath } from '../core/registry.ts';
import { canonicalJson, type Release, sha256 } from '../core/release.ts';
import { HISTORY_HOURS, isoOfHour, REPLAYED_HOURS } from '../core/telemetry.ts';
import { controlArtefact } from './control.ts';
import type { ReleaseOpener } from './models.ts';
import { noForecast, type Predictor } from './predictor.ts';
import { recompute } from './recompute.ts';
import { type Running, serve } from './serve.ts';
import { type StubScorer, stubScorer } from './stub-scorer.ts';

const START_H = 24 * 17_000;
/** The first boundary whose day can be learned from a log that begins at START_H, and what is learned by the day after it. */
const ORIGIN_H = START_H + 24 * 16;
const silent = pino({ level: 'silent' });

/** Forecasts what it has learned: the sum of all truths that it was taught, halved every day. */
const summing: Predictor = {
  kind: 'summing',
  learning: {
    size: 1,
    initial: () => Float64Array.of(-1),
    learn: async (states, { truth_kw }) => {
      for (const s of states.keys()) {
        const truth = truth_kw.subarray(
          (s * truth_kw.length) / states.length,
          ((s + 1) * truth_kw.length) / states.length,
        );
        states[s] = (states[s] ?? 0) / 2 + truth.reduce((sum, kw) => sum + kw, 0);
      }
    },
  },
  forecast: async ({ issue_h, states = new Float64Array() }) => {
    const nothing = noForecast(issue_h.length);
    return {
      ...nothing,
      values_kw: Float64Array.from(nothing.values_kw, (_, i) => states[Math.floor(i / LEADS)] ?? Number.NaN),
    };
  },
  dispose() {},
};
const open: ReleaseOpener = async () => ({
  release,
  model,
  predictor: { ...summing, standing: () => ({ answers: 'summing', wanted: 'summing', faults: {} }) },
  arms: new Map(),
  flags: {},
});

let folder: string;
let model: string;
/** Stands in the registry with the existing forecast's model; what is opened instead learns. */
let release: string;
let scorer: StubScorer;
const running: Running[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gridramp-learning-'));
  model = await controlArtefact(folder);
  const json = canonicalJson({ image: 'model-server@sha256:0', model, flags: {}, server: {} } satisfies Release);
  release = sha256(json);
  const path = join(folder, registryPath.release(release));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, json);
  scorer = await stubScorer();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ stop }) => stop()));
  await scorer.close();
  await rm(folder, { recursive: true });
});

const reading = (station_id: string, h: number) => (station_id === 'a' ? 1 : 2) * ((h - START_H) % 97);
function addHours(from_h: number, to_h: number): void {
  const hours = Array.from({ length: to_h - from_h }, (_, i) => from_h + i);
  scorer.add(
    ...hours.map((h) => ({
      available_at: isoOfHour(h),
      observations: ['a', 'b'].map((station_id) => ({
        station_id,
        target_time: isoOfHour(h),
        value_kw: reading(station_id, h),
      })),
    })),
  );
}

async function started(states: string | undefined): Promise<string> {
  const told = {
    registry: folder,
    pod_name: 'pod',
    pod_hash: 'hash',
    release,
    arm: 'all',
    scorer_url: scorer.url,
    states,
  };
  const server = await serve({ host: '127.0.0.1', port: 0, ...told }, open, silent);
  running.push(server);
  let failed: unknown;
  server.failed.catch((error: unknown) => {
    failed = error;
  });
  while (failed === undefined && (await request(`${server.url}/readyz`)).statusCode !== 200);
  if (failed !== undefined) throw failed;
  return server.url;
}

async function post(url: string, body: unknown): Promise<unknown> {
  const headers = { 'content-type': 'application/json', 'x-gridramp-purpose': 'pair' };
  return (await request(url, { method: 'POST', headers, body: JSON.stringify(body) })).body.json();
}

/** What a server forecasts for a and b at an hour: what it has learned of them. */
async function learned(url: string, issue_h: number): Promise<number[]> {
  const answer = await post(`${url}/v1/forecast`, { issue_time: isoOfHour(issue_h), station_ids: ['a', 'b'] });
  const { records } = answer as { records: { values_kw: number[] }[] };
  return records.map(({ values_kw }) => values_kw[0] ?? Number.NaN);
}

/** Of both stations after `days` days of learning. */
function expected(days: number): number[] {
  return ['a', 'b'].map((station_id) => {
    let state = -1;
    for (let boundary_h = ORIGIN_H; boundary_h < ORIGIN_H + 24 * days; boundary_h += 24) {
      let truth = 0;
      for (let h = boundary_h - 46; h <= boundary_h; h++) truth += reading(station_id, h);
      state = state / 2 + truth;
    }
    return state;
  });
}

test('a server learns every day, and answers for hours gone by with what it knew then', async () => {
  addHours(START_H, ORIGIN_H + 24 * 3 + 6);
  const url = await started(undefined);
  for (const days of [4, 3, 2, 1]) expect(await learned(url, ORIGIN_H + 24 * (days - 1) + 5)).toEqual(expected(days));
  addHours(ORIGIN_H + 24 * 3 + 6, ORIGIN_H + 24 * 4 + 2);
  // At the boundary itself nobody waits for its day.
  expect(await learned(url, ORIGIN_H + 24 * 4)).toEqual(expected(4));
  expect(await learned(url, ORIGIN_H + 24 * 4 + 1)).toEqual(expected(5));
  const metrics = await (await request(`${url}/metrics`)).body.text();
  expect(metrics).toContain(`gridramp_learned_hour{arm="only"} ${ORIGIN_H + 24 * 4}`);
  expect(metrics).toContain('gridramp_learning_faults_total{arm="only",fault="learn"} 0');
});

test('its successor, whose log is shorter, has learned the same, and so has the recomputer', async () => {
  const now_h = ORIGIN_H + 24 * 6 + 3;
  addHours(START_H, now_h + 1);
  await started(folder);
  await Promise.all(running.splice(0).map(({ stop }) => stop()));
  await scorer.close();
  scorer = await stubScorer();
  addHours(now_h + 1 - REPLAYED_HOURS, now_h + 25);
  const url = await started(folder);
  expect(await learned(url, now_h)).toEqual(expected(7));
  expect(await learned(url, now_h + 24)).toEqual(expected(8));

  const recomputer = await recompute({ host: '127.0.0.1', port: 0, registry: folder, states: folder }, open, silent);
  running.push(recomputer);
  const history_kw = new Array(HISTORY_HOURS).fill(0);
  const items = [now_h, now_h + 24].map((issue_h) => ({ station_id: 'b', issue_time: isoOfHour(issue_h), history_kw }));
  expect(await post(`${recomputer.url}/v1/recompute`, { release, items })).toEqual({
    values_kw: [7, 8].map((days) => new Array(LEADS).fill(expected(days)[1])),
  });
});

test('a server that joins later agrees with one that was there before', async () => {
  addHours(START_H, ORIGIN_H + 24 * 2);
  const first = await started(folder);
  addHours(ORIGIN_H + 24 * 2, ORIGIN_H + 24 * 3);
  const second = await started(folder);
  addHours(ORIGIN_H + 24 * 3, ORIGIN_H + 24 * 5 + 2);
  for (const day of [3, 4, 5]) {
    const known = await learned(first, ORIGIN_H + 24 * day + 1);
    expect(known).toEqual(expected(day + 1));
    expect(await learned(second, ORIGIN_H + 24 * day + 1)).toEqual(known);
  }
});

test('nothing that is learned or forecast depends on the clock of the machine', async () => {
  const last_h = ORIGIN_H + 24 * 5 + 2;
  addHours(START_H, ORIGIN_H + 24);
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    vi.setSystemTime('1999-12-31T23:59:59Z');
    const url = await started(folder);
    // Every day of the log the clock jumps on or back, by years.
    for (let day = 1; day < 5; day++) {
      vi.setSystemTime(day % 2 === 0 ? '1971-01-01T00:00:00Z' : '2099-06-01T12:30:00Z');
      addHours(ORIGIN_H + 24 * day, ORIGIN_H + 24 * (day + 1));
      expect(await learned(url, ORIGIN_H + 24 * day + 1)).toEqual(expected(day + 1));
    }
    addHours(ORIGIN_H + 24 * 5, last_h);
    vi.setSystemTime('2040-02-29T00:00:00Z');
    const successor = await started(folder);
    for (const server of [url, successor]) {
      expect(await learned(server, last_h - 1)).toEqual(expected(6));
      expect(await learned(server, ORIGIN_H + 24 * 4 + 5)).toEqual(expected(5));
      const metrics = await (await request(`${server}/metrics`)).body.text();
      expect(metrics).not.toMatch(/gridramp_learning_faults_total\{.*\} [1-9]/);
    }
  } finally {
    vi.useRealTimers();
  }
});
