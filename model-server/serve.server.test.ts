import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { COLUMNAR_TYPE, decodeColumns, stationsDigest } from '../core/columnar-answer.ts';
import { releaseFlags } from '../core/compile/flags.ts';
import { columnsOf } from '../core/forecast-columns.ts';
import { type ForecastRecord, LEADS, PURPOSE_HEADER } from '../core/record.ts';
import { registryPath } from '../core/registry.ts';
import { canonicalJson, inputDigest, sha256 } from '../core/release.ts';
import { HISTORY_HOURS, isoOfHour, type LogEntryInput } from '../core/telemetry.ts';
import { roles, serverEnv } from '../core/workload.ts';
import { writeArtefact } from './artefact.ts';
import { CONTROL_LAG_H, controlArtefact } from './control.ts';
import { openRelease } from './models.ts';
import { randomNetwork } from './random-network.ts';
import { recompute } from './recompute.ts';
import { folderStore } from './registry/folder-store.ts';
import { push } from './registry/transfer.ts';
import { type Running, serve } from './serve.ts';
import { stationArms } from './station-arms.ts';
import { type StubScorer, stubScorer } from './stub-scorer.ts';

const START_H = 400_000;
const silent = pino({ level: 'silent' });
let registry: string;
let control: string;
let learned: string;
let scorer: StubScorer;
const running: Running[] = [];
const children: ChildProcess[] = [];

beforeAll(async () => {
  registry = await mkdtemp(join(tmpdir(), 'gridramp-serve-'));
  control = await release(await controlArtefact(registry));
  learned = await release(await randomNetwork(registry));
});
afterAll(() => rm(registry, { recursive: true }));
beforeEach(async () => {
  scorer = await stubScorer();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await Promise.all(running.splice(0).map(({ stop }) => stop()));
  await scorer.close();
});

test('it is ready once the model is loaded and the log has been followed to its end', async () => {
  scorer.add(...hours(0, 400));
  const { url } = await started(control);
  const { body } = await ready(url);
  expect(body).toMatchObject({
    ready: true,
    model: 'seasonal',
    log: { seq: 400, watermark: isoOfHour(START_H + 399), stations: 2 },
  });
  expect((await get(`${url}/v1/model`)).body).toMatchObject({ release: control, kind: 'seasonal' });
});

test('a forecast follows the log and says from which inputs it was made', async () => {
  scorer.add(...hours(0, 400));
  const { url } = await started(control);
  await ready(url);
  scorer.add(...hours(400, 1));
  const { records } = await forecast(url, 400, ['b', 'a'], { 'x-gridramp-purpose': 'pair' });
  expect(records.map(({ station_id }) => station_id)).toEqual(['b', 'a']);
  const [first] = records;
  const history = Float64Array.from({ length: HISTORY_HOURS }, (_, i) => reading('b', 400 - HISTORY_HOURS + 1 + i));
  expect(first).toMatchObject({
    ...{ release: control, pod_hash: 'hash', arm: 'control', issue_time: isoOfHour(START_H + 400), purpose: 'pair' },
    ...{ fallback: false, input_digest: inputDigest('b', START_H + 400, history) },
    values_kw: Array.from({ length: LEADS }, (_, lead) => reading('b', 400 + lead + 1 - CONTROL_LAG_H)),
  });
});

test('a pair question is answered in columns to who accepts them, and everyone else gets JSON', async () => {
  scorer.add(...hours(0, 400));
  const { url } = await started(control);
  await ready(url);
  const stations = ['b', 'a'];
  const ask = async (headers: Record<string, string>) => {
    const body = JSON.stringify({ issue_time: isoOfHour(START_H + 399), station_ids: stations });
    const common = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body } as const;
    const answer = await request(`${url}/v1/forecast`, common);
    return { type: String(answer.headers['content-type']), bytes: Buffer.from(await answer.body.arrayBuffer()) };
  };
  const accept = `${COLUMNAR_TYPE}, application/json`;
  const pair = await ask({ accept, [PURPOSE_HEADER]: 'pair' });
  expect(pair.type).toBe(COLUMNAR_TYPE);
  const { columns, stations: digest } = decodeColumns(pair.bytes);
  expect(digest).toBe(stationsDigest(stations));
  const json = await ask({ [PURPOSE_HEADER]: 'pair' });
  expect(json.type).toMatch(/^application\/json/);
  const { records }: { records: ForecastRecord[] } = JSON.parse(json.bytes.toString());
  expect({ ...columns, latency_ms: 0 }).toEqual({ ...columnsOf(records), latency_ms: 0 });
  expect((await ask({ accept })).type).toMatch(/^application\/json/);
});

test('a forecast asked for again is made from what was available at its issue time', async () => {
  const late = hours(0, 400);
  const missed = late[390]?.observations.pop();
  scorer.add(...late);
  const { url } = await started(control);
  await ready(url);
  const before = await forecast(url, 399, ['b']);
  scorer.add({ available_at: isoOfHour(START_H + 400), observations: missed === undefined ? [] : [missed] });
  const after = await forecast(url, 400, ['b']);
  const again = await forecast(url, 399, ['b']);
  // Lead 15 of issue hour 399 repeats hour 390, which had not arrived: the week before stands in.
  expect(before.records[0]?.values_kw[14]).toBe(reading('b', 390 - 144));
  expect(after.records[0]?.values_kw[13]).toBe(reading('b', 390));
  expect(again.records[0]?.values_kw).toEqual(before.records[0]?.values_kw);
  expect(again.records[0]?.input_digest).toBe(before.records[0]?.input_digest);
});

test('a request ahead of the log waits for it, and is refused when it does not come', async () => {
  scorer.add(...hours(0, 400));
  const { url } = await started(control);
  await ready(url);
  const waiting = forecast(url, 400, ['a']);
  scorer.add(...hours(400, 1));
  expect((await waiting).records).toHaveLength(1);
  const { status, body } = await post(`${url}/v1/forecast`, {
    issue_time: isoOfHour(START_H + 401),
    station_ids: ['a'],
  });
  expect(status).toBe(503);
  expect(body).toMatchObject({
    type: 'urn:gridramp:history-behind',
    detail: expect.stringContaining(isoOfHour(START_H + 400)),
  });
});

test('while the scorer is away known hours are answered; once it is back the log is followed on from where it was', async () => {
  scorer.add(...hours(0, 400));
  const { url } = await started(control);
  await ready(url);
  await scorer.restart(async () => {
    expect((await forecast(url, 399, ['a'])).records).toHaveLength(1);
    expect((await get(`${url}/readyz`)).status).toBe(200);
  });
  scorer.add(...hours(400, 1));
  expect((await forecast(url, 400, ['a'])).records).toHaveLength(1);
  await scorer.received(2);
  expect((await get(`${url}/readyz`)).body).toMatchObject({ log: { seq: 401 } });
});

test('a log that was emptied is followed from its new start, and nothing of the old one is answered', async () => {
  scorer.add(...hours(0, 400));
  const { url } = await started(control);
  await ready(url);
  await scorer.restart(async () => scorer.empty());
  await until(async () => (await get(`${url}/readyz`)).status === 503);
  scorer.add(...hours(40, 10));
  await ready(url);
  expect((await get(`${url}/readyz`)).body).toMatchObject({ log: { seq: 10, watermark: isoOfHour(START_H + 49) } });
  const old = { issue_time: isoOfHour(START_H + 399), station_ids: ['a'] };
  expect(await post(`${url}/v1/forecast`, old)).toMatchObject({ status: 503, body: { title: 'history-behind' } });
});

test.each([
  [
    'an issue time that is no full hour',
    { issue_time: '2016-08-07T05:30:00Z', station_ids: ['a'] },
    {},
    400,
    'is not a full hour',
  ],
  ['an unknown station', { issue_time: isoOfHour(START_H + 399), station_ids: ['a', 'x'] }, {}, 404, 'station_ids[1]'],
  [
    'no station',
    { issue_time: isoOfHour(START_H + 399), station_ids: [] },
    {},
    400,
    'must NOT have fewer than 1 items',
  ],
  [
    'an unknown purpose',
    { issue_time: isoOfHour(START_H + 399), station_ids: ['a'] },
    { 'x-gridramp-purpose': 'fun' },
    400,
    'must be pair',
  ],
  [
    'another station than the routed one',
    { issue_time: isoOfHour(START_H + 399), station_ids: ['a'] },
    { 'x-station-id': 'b' },
    400,
    'x-station-id',
  ],
  ['history that is gone', { issue_time: isoOfHour(START_H + 300), station_ids: ['a'] }, {}, 422, 'is older than'],
])('%s is refused with a clear problem', async (_name, body, headers, status, detail) => {
  scorer.add(...hours(0, 400));
  const { url } = await started(control);
  await ready(url);
  const answer = await post(`${url}/v1/forecast`, body, headers);
  expect(answer).toMatchObject({ status, body: { status, detail: expect.stringContaining(detail) } });
});

test('served forecasts reach the scorer even if it is away for a while; paired ones are only answered', async () => {
  scorer.add(...hours(0, 400));
  const { url } = await started(control);
  await ready(url);
  scorer.state.refuse_records = true;
  await forecast(url, 399, ['a'], { 'x-station-id': 'a' });
  await forecast(url, 399, ['a', 'b'], { 'x-gridramp-purpose': 'pair' });
  await forecast(url, 399, ['b'], { 'x-gridramp-purpose': 'mirror' });
  await scorer.refused(2);
  scorer.state.refuse_records = false;
  await scorer.received(2);
  expect(scorer.records.map(({ purpose, station_id }) => `${purpose} ${station_id}`)).toEqual(['served a', 'mirror b']);
  const metrics = await text(`${url}/metrics`);
  expect(metrics).toContain('gridramp_forecasts_total{purpose="pair"} 2');
  expect(metrics).toContain('gridramp_requests_total{purpose="served",code="200"} 1');
  expect(metrics).toContain('gridramp_request_duration_ms_bucket{le="100",purpose="mirror"} 1');
  expect(metrics).toContain('gridramp_records_dropped_total 0');
});

test('a recomputed forecast equals the served one, for both kinds of model', async () => {
  scorer.add(...hours(0, 400));
  const recomputer = await recompute({ host: '127.0.0.1', port: 0, registry }, openRelease, silent);
  running.push(recomputer);
  const history_kw = Array.from({ length: HISTORY_HOURS }, (_, i) => reading('a', 399 - HISTORY_HOURS + 1 + i));
  for (const digest of [control, learned]) {
    const { url } = await started(digest);
    await ready(url);
    const { records } = await forecast(url, 399, ['a', 'b']);
    const items = [{ station_id: 'a', issue_time: isoOfHour(START_H + 399), history_kw }];
    const { body } = await post(`${recomputer.url}/v1/recompute`, { release: digest, items });
    expect(body).toEqual({ values_kw: [records[0]?.values_kw] });
  }
});

test("a call that names no arm is answered by the stations' own, in the order of the call, and a pair question by the default one", async () => {
  const { release: digest, stations, arms } = await armedRelease();
  scorer.add(...hours(0, 400, stations));
  const { url } = await started(digest);
  await ready(url);
  expect(new Set(arms).size).toBe(2);
  const { records } = await forecast(url, 399, stations);
  expect(records.map(({ station_id, arm, values_kw }) => [station_id, arm, values_kw[0]])).toEqual(
    stations.map((id, i) => [id, arms[i], reading(id, 400 - (arms[i] === 'weekly' ? 168 : CONTROL_LAG_H))]),
  );
  const [first] = records;
  expect(first?.input_digest).toBe((await forecast(url, 399, stations.slice(0, 1))).records[0]?.input_digest);
  await scorer.received(stations.length);
  expect(scorer.records.map(({ arm }) => arm)).toEqual(expect.arrayContaining(['control', 'weekly']));
  const pair = await forecast(url, 399, stations, { [PURPOSE_HEADER]: 'pair' });
  expect(new Set(pair.records.map(({ arm }) => arm))).toEqual(new Set(['control']));
});

test('an arm that is switched off answers nobody from the next word of the scorer on, and as long as it is away', async () => {
  const { release: digest, stations, arms } = await armedRelease();
  scorer.add(...hours(0, 400, stations));
  const { url } = await started(digest);
  await ready(url);
  const answering = async () => (await forecast(url, 399, stations)).records.map(({ arm }) => arm);
  const isAll = async (wanted: readonly string[]) => (await answering()).join() === wanted.join();
  const control = stations.map(() => 'control');
  expect(await answering()).toEqual(arms);
  scorer.switchOff('weekly');
  await until(() => isAll(control));
  await scorer.restart(async () => expect(await answering()).toEqual(control));
  const weekly = await forecast(url, 399, stations, { [PURPOSE_HEADER]: 'pair' }, 'weekly');
  expect(weekly.records[0]?.arm).toBe('weekly');
  scorer.switchOff();
  await until(() => isAll(arms));
  scorer.switchOff('*');
  await until(() => isAll(control));
});

test("a server whose default arm is not its release's does not start", async () => {
  const { release: digest } = await armedRelease();
  const server = await serve({ ...configOf(digest), arm: 'weekly' }, openRelease, silent);
  running.push(server);
  await expect(server.failed).rejects.toThrow(`ARM is "weekly", but the default arm of ${digest} is "control"`);
});

test('a release of two arms forecasts with the model of the arm that is asked for', async () => {
  scorer.add(...hours(0, 400));
  const [day, week] = [
    await controlArtefact(registry),
    await writeArtefact(registry, { kind: 'seasonal', lag_h: 168 }, new Map()),
  ];
  const digest = await release(day, { control: day, weekly: week });
  const { url } = await started(digest);
  await ready(url);
  const repeated = (lag_h: number) => Array.from({ length: LEADS }, (_, lead) => reading('a', 399 + lead + 1 - lag_h));
  const issue_time = isoOfHour(START_H + 399);
  const ask = async (arm?: string) => (await post(`${url}/v1/forecast`, { issue_time, station_ids: ['a'], arm })).body;
  expect(await ask()).toMatchObject({ records: [{ arm: 'control', values_kw: repeated(24) }] });
  expect(await ask('control')).toMatchObject({ records: [{ arm: 'control', values_kw: repeated(24) }] });
  expect(await ask('weekly')).toMatchObject({ records: [{ arm: 'weekly', values_kw: repeated(168) }] });
  expect(await ask('monthly')).toMatchObject({ status: 400, type: 'urn:gridramp:unknown-arm' });

  const recomputer = await recompute({ host: '127.0.0.1', port: 0, registry }, openRelease, silent);
  running.push(recomputer);
  const history_kw = Array.from({ length: HISTORY_HOURS }, (_, i) => reading('a', 399 - HISTORY_HOURS + 1 + i));
  const again = async (arm: string) =>
    (
      await post(`${recomputer.url}/v1/recompute`, {
        release: digest,
        arm,
        items: [{ station_id: 'a', issue_time, history_kw }],
      })
    ).body;
  expect(await again('weekly')).toEqual({ values_kw: [repeated(168)] });
  expect(await again('monthly')).toMatchObject({ status: 400, type: 'urn:gridramp:unknown-arm' });
});

test('a model whose bytes are wrong is never served', async () => {
  const damaged = await release(await writeArtefact(registry, { kind: 'seasonal', lag_h: 48 }, new Map()));
  await writeFile(join(registry, registryPath.release(damaged)), '{}');
  const server = await serve(configOf(damaged), openRelease, silent);
  running.push(server);
  await expect(server.failed).rejects.toThrow(/releases\/[0-9a-f]{64}\.json: its 2 bytes are sha256:/);
  expect((await get(`${server.url}/readyz`)).status).toBe(503);
});

test('a model file that was damaged keeps new pods from starting, while those that have it loaded go on, and a store beside the registry gives it to all', async () => {
  scorer.add(...hours(0, 400));
  const { url: earlier } = await started(learned);
  await ready(earlier);
  const { model } = (await get(`${earlier}/v1/model`)).body as { model: string };
  const copies = join(registry, 'copies');
  await push(registry, folderStore(copies), model);
  const path = join(registry, registryPath.model(model), 'weights.bin');
  const whole = await readFile(path);
  const wrong = Uint8Array.from(whole);
  wrong[100] = (wrong[100] ?? 0) ^ 1;
  await writeFile(path, wrong);
  try {
    const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url)), roles.serve], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: environment(learned),
    });
    children.push(child);
    const output = outputOf(child);
    expect(await once(child, 'exit')).toEqual([1, null]);
    expect(await output).toContain(`weights.bin: its ${whole.length} bytes are sha256:`);
    expect((await forecast(earlier, 399, ['a'])).records[0]).toMatchObject({ fallback: false });
    // With a store beside the registry, new pods and the recomputer take the model from there.
    const beside = { ...environment(learned), [serverEnv.model_store]: copies };
    const later = await spawned('main.ts', [roles.serve], beside);
    await ready(later.url);
    expect((await get(`${later.url}/v1/model`)).body).toMatchObject({ model });
    const { url } = await spawned('main.ts', [roles.recompute], beside);
    const items = [{ station_id: 'a', issue_time: isoOfHour(START_H), history_kw: new Array(HISTORY_HOURS).fill(7) }];
    expect((await post(`${url}/v1/recompute`, { release: learned, items })).status).toBe(200);
  } finally {
    await writeFile(path, whole);
  }
});

test('on SIGTERM a process finishes what it has accepted and exits with 0', async () => {
  scorer.add(...hours(0, 400));
  const { child, url } = await spawned('main.ts', [roles.serve]);
  await ready(url);
  const waiting = forecast(url, 400, ['a']);
  // The request has reached the server when a later one has been answered.
  await get(`${url}/livez`);
  child.kill('SIGTERM');
  const exited = once(child, 'exit');
  await until(async () => (await get(`${url}/readyz`)).status === 503);
  scorer.add(...hours(400, 1));
  expect((await waiting).records).toHaveLength(1);
  expect(await exited).toEqual([0, null]);
  expect(scorer.records).toHaveLength(1);
});

test('the faulty image crashes under traffic, and recomputes honestly', async () => {
  scorer.add(...hours(0, 400));
  const { child, url } = await spawned('faulty.ts', ['crash', roles.serve]);
  await ready(url);
  const exited = once(child, 'exit');
  const answers = Array.from({ length: 60 }, () => forecast(url, 399, ['a']).catch(() => null));
  expect(await exited).toEqual([1, null]);
  await Promise.all(answers);
  const honest = await spawned('faulty.ts', ['nan', roles.recompute]);
  const items = [{ station_id: 'a', issue_time: isoOfHour(START_H), history_kw: new Array(HISTORY_HOURS).fill(7) }];
  const { body } = await post(`${honest.url}/v1/recompute`, { release: control, items });
  expect(body).toEqual({ values_kw: [new Array(LEADS).fill(7)] });
});

test('not-a-number is answered as null', async () => {
  scorer.add(...hours(0, 400));
  const { url } = await spawned('faulty.ts', ['nan', roles.serve]);
  await ready(url);
  expect((await forecast(url, 399, ['a'])).records[0]?.values_kw).toEqual(new Array(LEADS).fill(null));
});

/** What station `a` or `b` read in hour START_H + i. */
function reading(station_id: string, i: number): number {
  const size = station_id === 'a' ? 1 : 1000 + Number(/\d+$/.exec(station_id)?.[0] ?? 0);
  return size * (10 + Math.sin(i / 7) + (i % 24));
}

function hours(from: number, count: number, stations: readonly string[] = ['a', 'b']): LogEntryInput[] {
  return Array.from({ length: count }, (_, offset) => {
    const time = isoOfHour(START_H + from + offset);
    const observations = stations.map((station_id) => ({
      station_id,
      target_time: time,
      value_kw: reading(station_id, from + offset),
    }));
    return { available_at: time, observations };
  });
}

/** Half of the stations repeat yesterday, half last week; `arms` is whose arm is which, by the flag. */
async function armedRelease() {
  const weekly = await writeArtefact(registry, { kind: 'seasonal', lag_h: 168 }, new Map());
  const model = await controlArtefact(registry);
  const flags = releaseFlags({}, { default: 'control', expected: 'weekly', shares: { control: 50, weekly: 50 } });
  const stations = Array.from({ length: 12 }, (_, i) => `station-${i}`);
  const { of } = await stationArms('flags', flags, ['control', 'weekly']);
  const digest = await release(model, { control: model, weekly }, flags);
  return { release: digest, stations, arms: await Promise.all(stations.map(of)) };
}

async function release(
  model: string,
  arms?: Record<string, string>,
  flags: Record<string, unknown> = {},
): Promise<string> {
  const json = canonicalJson({ image: 'model-server@sha256:0', model, arms, flags, server: {} });
  const path = join(registry, registryPath.release(sha256(json)));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, json);
  return sha256(json);
}

function configOf(digest: string) {
  return {
    ...{ host: '127.0.0.1', port: 0, pod_name: 'pod', pod_hash: 'hash', arm: 'control' },
    ...{ release: digest, registry, scorer_url: scorer.url },
  };
}

async function started(digest: string): Promise<Running> {
  const server = await serve(configOf(digest), openRelease, silent);
  running.push(server);
  return server;
}

function environment(digest: string): NodeJS.ProcessEnv {
  const { host, port, pod_name, pod_hash, arm, scorer_url } = configOf(digest);
  return {
    [serverEnv.host]: host,
    [serverEnv.port]: String(port),
    [serverEnv.pod_name]: pod_name,
    [serverEnv.pod_hash]: pod_hash,
    [serverEnv.arm]: arm,
    [serverEnv.registry]: registry,
    [serverEnv.scorer_url]: scorer_url,
    [serverEnv.release]: digest,
  };
}

async function outputOf({ stdout }: ChildProcess): Promise<string> {
  let output = '';
  for await (const chunk of stdout ?? []) output += chunk;
  return output;
}

/** A real process; its address is in the line that it logs when it listens. */
async function spawned(file: string, args: string[], env = environment(control)) {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
  });
  children.push(child);
  let output = '';
  for await (const chunk of child.stdout ?? []) {
    output += chunk;
    const url = /"url":"([^"]+)"/.exec(output)?.[1];
    if (url !== undefined) {
      child.stdout?.resume();
      return { child, url };
    }
  }
  throw new Error(`${file} ended without listening: ${output}`);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition()));
}

async function ready(url: string): Promise<{ status: number; body: unknown }> {
  for (;;) {
    const answer = await get(`${url}/readyz`);
    if (answer.status === 200) return answer;
  }
}

async function get(url: string): Promise<{ status: number; body: unknown }> {
  const { statusCode, body } = await request(url);
  return { status: statusCode, body: await body.json() };
}

async function text(url: string): Promise<string> {
  return (await request(url)).body.text();
}

async function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown }> {
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.statusCode, body: await answer.body.json() };
}

async function forecast(
  url: string,
  i: number,
  station_ids: string[],
  headers: Record<string, string> = {},
  arm?: string,
): Promise<{ records: ForecastRecord[] }> {
  const { status, body } = await post(
    `${url}/v1/forecast`,
    { issue_time: isoOfHour(START_H + i), station_ids, arm },
    headers,
  );
  if (status !== 200) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body as { records: ForecastRecord[] };
}
