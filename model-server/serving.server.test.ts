import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { type Logger, pino } from 'pino';
import { Agent, request } from 'undici';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type ForecastRecord, LEADS, PURPOSE_HEADER } from '../core/record.ts';
import { registryPath } from '../core/registry.ts';
import { canonicalJson, sha256 } from '../core/release.ts';
import { HISTORY_HOURS, isoOfHour, type LogEntryInput } from '../core/telemetry.ts';
import { controlArtefact } from './control.ts';
import { openRelease, type ReleaseOpener } from './models.ts';
import { openApi } from './openapi.ts';
import type { Predictor } from './predictor.ts';
import { randomNetwork } from './random-network.ts';
import { type Running, serve } from './serve.ts';
import { type StubScorer, stubScorer } from './stub-scorer.ts';

const START_H = 400_000;
const LAST_H = START_H + 399;
let registry: string;
let release: string;
const closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  registry = await mkdtemp(join(tmpdir(), 'gridramp-serving-'));
  release = await released(await controlArtefact(registry));
});
afterAll(() => rm(registry, { recursive: true }));
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function released(model: string): Promise<string> {
  const json = canonicalJson({ image: 'i@sha256:0', model, flags: {}, server: {} });
  const digest = sha256(json);
  const path = join(registry, registryPath.release(digest));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, json);
  return digest;
}

/** Calls of the predictor, by their stations. */
type Calls = string[][];

async function started(
  scorer: StubScorer | null,
  open: ReleaseOpener = openRelease,
  log: Logger = pino({ level: 'silent' }),
  of = release,
): Promise<Running> {
  const pod = { host: '127.0.0.1', port: 0, pod_name: 'pod', pod_hash: 'hash' };
  const config = { ...pod, arm: 'control', release: of, registry };
  const server = await serve({ ...config, scorer_url: scorer?.url ?? null }, open, log);
  let stopped: Promise<void> | undefined;
  const stop: Running['stop'] = (linger_ms) => (stopped ??= server.stop(linger_ms));
  closing.push(() => stop());
  while ((await get(server.url, '/readyz')).status !== 200);
  return { ...server, stop };
}

/** A server whose predictor's calls are watched; `slow` holds them up. */
async function watched(scorer: StubScorer | null, slow: () => Promise<void> = async () => {}) {
  const calls: Calls = [];
  const server = await started(scorer, async (...asked) => {
    const opened = await openRelease(...asked);
    const forecast: Predictor['forecast'] = async (batch) => {
      calls.push([...batch.station_ids]);
      await slow();
      return opened.predictor.forecast(batch);
    };
    return { ...opened, predictor: { ...opened.predictor, forecast } };
  });
  return { ...server, calls };
}

async function scorerOf(...stations: string[]): Promise<StubScorer> {
  const scorer = await stubScorer();
  closing.push(scorer.close);
  scorer.add(...Array.from({ length: 400 }, (_, i) => entry(START_H + i, stations)));
  return scorer;
}

function entry(h: number, stations: readonly string[]): LogEntryInput {
  const time = isoOfHour(h);
  const observations = stations.map((station_id) => ({ station_id, target_time: time, value_kw: h % 1000 }));
  return { available_at: time, observations };
}

async function get(url: string, path: string) {
  const { statusCode, body } = await request(url + path);
  return { status: statusCode, body: await body.json() };
}

async function post(url: string, body: unknown, headers: Record<string, string> = {}, path = '/v1/forecast') {
  const answer = await request(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.statusCode, headers: answer.headers, body: await answer.body.json() };
}

async function records(url: string, body: unknown, headers: Record<string, string> = {}): Promise<ForecastRecord[]> {
  const answer = await post(url, body, headers);
  expect(answer).toMatchObject({ status: 200 });
  return (answer.body as { records: ForecastRecord[] }).records;
}

/** Waits until so many calls are under way. */
async function underWay(url: string, calls: number): Promise<void> {
  const line = `gridramp_calls_under_way{room="callers"} ${calls}\n`;
  while (!(await (await request(`${url}/metrics`)).body.text()).includes(line));
}

const asked = (station_ids: string[], h = LAST_H) => ({ issue_time: isoOfHour(h), station_ids });

test('a forecast is made once for a station and hour, and the scorer is told of it once', async () => {
  const scorer = await scorerOf('a', 'b');
  const { url, calls } = await watched(scorer);
  const [first] = await records(url, asked(['a']));
  const again = await records(url, asked(['b', 'a', 'a']));
  expect(calls).toEqual([['a'], ['b']]);
  expect(again.map(({ station_id }) => station_id)).toEqual(['b', 'a', 'a']);
  expect({ ...again[2], latency_ms: 0 }).toEqual({ ...first, latency_ms: 0 });
  await records(url, asked(['a']), { [PURPOSE_HEADER]: 'pair' });
  expect(calls).toHaveLength(2);
  await records(url, asked(['a']), { [PURPOSE_HEADER]: 'mirror' });
  await scorer.received(3);
  const told = scorer.records.map(({ purpose, station_id }) => `${purpose} ${station_id}`);
  expect(told.toSorted()).toEqual(['mirror a', 'served a', 'served b']);
  expect(scorer.records.find(({ station_id }) => station_id === 'b')).toEqual(again[0]);
});

test('what was made of an emptied log is not answered from another one', async () => {
  const scorer = await scorerOf('a');
  const { url } = await started(scorer);
  const [before] = await records(url, asked(['a']));
  await scorer.restart(async () => scorer.empty());
  while ((await get(url, '/readyz')).status === 200);
  const { observations } = entry(LAST_H - 20, ['a']);
  // Known an hour later, so that nothing but the emptying takes what was remembered.
  scorer.add({ available_at: isoOfHour(LAST_H + 1), observations });
  while ((await get(url, '/readyz')).status !== 200);
  const [after] = await records(url, asked(['a']));
  expect(before?.values_kw).not.toContain(null);
  expect(new Set(after?.values_kw)).toEqual(new Set([null]));
});

test('single requests that come together are one call of the predictor', async () => {
  const stations = Array.from({ length: 40 }, (_, i) => `s${i}`);
  let open = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  const { url, calls } = await watched(await scorerOf(...stations), () => gate);
  const dispatcher = new Agent({ connections: stations.length });
  closing.push(() => dispatcher.close());
  const answers = stations.map(async (station) => {
    const options = { method: 'POST', headers: { 'content-type': 'application/json' }, dispatcher } as const;
    const { body } = await request(`${url}/v1/forecast`, { ...options, body: JSON.stringify(asked([station])) });
    return body.json() as Promise<{ records: ForecastRecord[] }>;
  });
  await underWay(url, stations.length);
  open();
  const answered = await Promise.all(answers);
  expect(answered.map((answer) => answer.records[0]?.station_id)).toEqual(stations);
  expect(calls.flat().toSorted()).toEqual(stations.toSorted());
  expect(calls.length).toBeLessThan(stations.length / 2);
});

test('a caller without the log sends histories, and gets what the log would have given, to a tenth of a watt', async () => {
  const scorer = await scorerOf('a');
  const { url } = await started(scorer);
  const [known] = await records(url, asked(['a']));
  const whole = Array.from({ length: HISTORY_HOURS }, (_, i) => (LAST_H - HISTORY_HOURS + 1 + i) % 1000);
  const body = { ...asked(['a', 'new']), history_kw: [whole, [null, 1.23456, ...new Array(23).fill(7)]] };
  const [own, short] = await records(url, body);
  expect(own?.values_kw).toEqual(known?.values_kw);
  expect(own).not.toHaveProperty('input_digest');
  expect(short?.values_kw).toEqual([1.2346, ...new Array(23).fill(7)]);
  const alone = await started(null);
  expect((await records(alone.url, body))[1]?.values_kw).toEqual(short?.values_kw);
  // Nobody can recompute them, so nobody is told.
  await records(url, asked(['a']), { [PURPOSE_HEADER]: 'mirror' });
  await scorer.received(2);
  expect(scorer.records.map(({ purpose }) => purpose)).toEqual(['served', 'mirror']);
});

test('intervals come where they are asked for', async () => {
  const { url } = await started(await scorerOf('a'));
  const [narrow] = await records(url, asked(['a']));
  const [wide] = await records(url, { ...asked(['a']), intervals: true });
  expect(narrow).not.toHaveProperty('low_kw');
  expect(wide?.values_kw).toEqual(narrow?.values_kw);
  expect(wide).toMatchObject({ low_kw: expect.any(Array), high_kw: expect.any(Array) });
});

test('what does not fit is refused with 429 and when to come again, and what fits is answered', async () => {
  let open = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  const { url } = await watched(null, () => gate);
  const body = JSON.stringify({ ...asked(['a']), history_kw: [[1]] }).padEnd(3.5 * 2 ** 20);
  const dispatcher = new Agent({ connections: 10 });
  closing.push(() => dispatcher.close());
  const ask = async () => {
    const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body, dispatcher } as const;
    const answer = await request(`${url}/v1/forecast`, options);
    return { status: answer.statusCode, retry: answer.headers['retry-after'], body: await answer.body.json() };
  };
  // 32 MiB have room for nine of them.
  const held = Array.from({ length: 9 }, ask);
  await underWay(url, 9);
  const refused = await ask();
  expect(refused).toMatchObject({ status: 429, retry: '1', body: { type: 'urn:gridramp:overloaded' } });
  open();
  expect((await Promise.all(held)).map(({ status }) => status)).toEqual(new Array(9).fill(200));
  expect((await ask()).status).toBe(200);
});

test.each([
  ['no JSON', '{"issue_time":', 400, 'the body is no JSON', undefined],
  ['a missing field', { station_ids: ['a'] }, 400, 'issue_time: it is missing; add it', 'issue_time'],
  ['an unknown field', { ...asked(['a']), colour: 1 }, 400, 'colour: there is no such field; remove it', 'colour'],
  ['a wrong type', { ...asked(['a']), station_ids: ['a', 7] }, 400, '7 must be string; correct it', 'station_ids[1]'],
  ['__proto__', '{"issue_time":"x","station_ids":["a"],"__proto__":{}}', 400, 'no such field', '__proto__'],
  [
    'rows for other stations',
    { ...asked(['a', 'b']), history_kw: [[1]] },
    400,
    'it has 1 rows, and station_ids 2',
    'history_kw',
  ],
  [
    'a word among numbers',
    { ...asked(['a']), history_kw: [[1, 'x']] },
    400,
    'send a JSON number or null',
    'history_kw[0][1]',
  ],
  [
    'an escaped key',
    '{"issue_time":"2016-08-07T05:00:00Z","station_ids":["a"],"history\\u005fkw":[[1]]}',
    400,
    'without escapes',
    'history_kw',
  ],
  [
    'an escaped key without histories',
    '{"issue_time":"2016-08-07T05:00:00Z","station_ids":["a"],"history\\u005fkw":null}',
    400,
    'without escapes',
    'history_kw',
  ],
  ['an unknown arm', { ...asked(['a']), history_kw: [[1]], arm: 'x' }, 400, 'is no arm of this release', undefined],
  ['too large a body', ' '.repeat(4 * 2 ** 20 + 1), 413, 'ask for fewer stations', undefined],
])('%s is refused with its field, value and fix', async (_name, body, status, detail, field) => {
  const { url } = await started(null);
  const answer = await post(url, body);
  expect(answer).toMatchObject({ status, body: { status, detail: expect.stringContaining(detail) } });
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject(field === undefined ? {} : { field });
});

test.each([
  ['no HTTP', 'hello\r\n\r\n', 400],
  ['too long a head', `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
  ['a head that never ends', 'GET / HTTP/1.1\r\nx:', 408],
  [
    'a body that never ends',
    'POST /v1/forecast HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{',
    408,
  ],
])('%s is answered with a problem and cut off', async (_name, bytes, status) => {
  const { url } = await started(null);
  const { port } = new URL(url);
  const answer = await new Promise<string>((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
    socket
      .on('data', (chunk) => (text += chunk))
      .on('close', () => resolve(text))
      .on('error', reject);
  });
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({ status });
});

test('readings go to the log of the scorer as they came, and its answer comes back; a server alone has none', async () => {
  const scorer = await scorerOf('a');
  const { url } = await started(scorer);
  const next = { entries: [entry(LAST_H + 1, ['a'])] };
  expect(await post(url, next, {}, '/v1/observations')).toMatchObject({ status: 200, body: { seq: 401 } });
  expect(await records(url, asked(['a'], LAST_H + 1))).toHaveLength(1);
  expect(await post(url, { entries: [] }, {}, '/v1/observations')).toMatchObject({ status: 400 });
  const alone = await started(null);
  expect(await post(alone.url, next, {}, '/v1/observations')).toMatchObject({ status: 409, body: { title: 'no-log' } });
});

test("a request's trace is in the log and in refusals, and goes on to the scorer", async () => {
  const lines: { trace_id?: string; msg: string; status?: number; url?: string }[] = [];
  const log = pino({ level: 'info' }, { write: (line) => void lines.push(JSON.parse(line)) });
  const scorer = await scorerOf('a');
  const { url } = await started(scorer, openRelease, log);
  const trace = (n: number, sampled: string) => ({
    traceparent: `00-${String(n).repeat(32)}-${'7'.repeat(16)}-${sampled}`,
  });
  await post(url, asked(['a']), trace(1, '01'));
  await post(url, asked(['a']), trace(2, '00'));
  await post(url, { entries: [entry(LAST_H + 1, ['a'])] }, trace(3, '01'), '/v1/observations');
  expect(scorer.state.trace).toMatch(/^00-3{32}-(?!7{16})[0-9a-f]{16}-01$/);
  const refused = await post(url, {}, trace(4, '01'));
  expect(refused.body).toMatchObject({ trace_id: '4'.repeat(32) });
  expect((await post(url, {})).body).toMatchObject({ trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) });
  const answered = lines.filter(({ msg }) => msg === 'answered');
  expect(answered.map(({ trace_id, status, url }) => [trace_id?.[0], status, url])).toEqual([
    ['1', 200, '/v1/forecast'],
    ['3', 200, '/v1/observations'],
    ['4', 400, '/v1/forecast'],
  ]);
});

test('under load a server that is told to stop fails nobody who stops asking when it is not ready any more', async () => {
  const stations = ['a', 'b', 'c'];
  const server = await started(await scorerOf(...stations));
  const statuses: number[] = [];
  let routed = true;
  const client = async (station: string) => {
    while (routed) statuses.push((await post(server.url, asked([station]))).status);
  };
  const clients = Array.from({ length: 12 }, (_, i) => client(stations[i % 3] ?? 'a'));
  while (statuses.length < 100) await get(server.url, '/livez');
  const before = statuses.length;
  const stopping = server.stop(1_000);
  while ((await get(server.url, '/readyz')).status === 200);
  routed = false;
  await Promise.all([stopping, ...clients]);
  expect(statuses.length).toBeGreaterThan(before);
  expect(new Set(statuses)).toEqual(new Set([200]));
});

test('what kind of model an arm has, what its forecasts rest on and how long they take is exported', async () => {
  const shares = { 'last-day': 0.75, calendar: 0.25 };
  const of = await released(await randomNetwork(registry, shares));
  const { url } = await started(null, openRelease, undefined, of);
  await post(url, { ...asked(['a', 'b']), history_kw: [[1], [2]] });
  expect((await get(url, '/v1/model')).body).toMatchObject({
    models: { control: { manifest: { importance: shares } } },
  });
  const lines = (await (await request(`${url}/metrics`)).body.text()).split('\n');
  expect(lines).toContain(`gridramp_model_info{release="${of}",arm="control",kind="dense"} 1`);
  expect(lines).toContain(`gridramp_feature_importance{release="${of}",arm="control",feature="last-day"} 0.75`);
  expect(lines).toContain(`gridramp_feature_importance{release="${of}",arm="control",feature="calendar"} 0.25`);
  expect(lines).toContain('gridramp_predict_forecasts_total{kind="dense"} 2');
  const took = lines.find((line) => line.startsWith('gridramp_predict_seconds_total{kind="dense"} '));
  expect(Number(took?.split(' ')[1])).toBeGreaterThan(0);
});

test('answers are what the OpenAPI document says', async () => {
  const { url } = await started(await scorerOf('a'));
  const { body: document } = await get(url, '/openapi.json');
  expect(document).toEqual(JSON.parse(JSON.stringify(openApi())));
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  ajv.addSchema(openApi(), 'api');
  const check = (name: string, value: unknown) => {
    ajv.validate({ $ref: `api#/components/schemas/${name}` }, value);
    expect(ajv.errors).toBeNull();
  };
  check('Forecasts', (await post(url, { ...asked(['a']), intervals: true })).body);
  check('Forecasts', (await post(url, { ...asked(['a']), history_kw: [[1]] })).body);
  check('Problem', (await post(url, {})).body);
  check('ModelCard', (await get(url, '/v1/model')).body);
  check('Readiness', (await get(url, '/readyz')).body);
  expect((await post(url, asked(['a']))).body).toMatchObject({ records: [{ values_kw: { length: LEADS } }] });
});
