import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { isoOfHour, type LogEntryInput } from '../core/telemetry.ts';
import { preload, type ReplayOptions, type ReplayProgress, replay } from './replay.ts';
import { rotation } from './replay-traffic.ts';

const open: Server[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(handle: (body: string, request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => handle(body, request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const json = (response: ServerResponse, status: number, value: unknown) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
};

const START_H = 400_000;
const stations = ['a', 'b', 'c', 'd', 'e'];
const entries = (count: number): LogEntryInput[] =>
  Array.from({ length: count }, (_, i) => ({
    available_at: isoOfHour(START_H + i),
    observations: stations.map((station_id) => ({
      station_id,
      target_time: isoOfHour(START_H + i),
      value_kw: i,
    })),
  }));

/** A scorer that keeps its log as the real one does: what it has already it does not take again. */
async function stubScorer(answer: (post: number) => { status?: number; pairs_behind?: number } = () => ({})) {
  const log: string[] = [];
  const batches: number[] = [];
  let posts = 0;
  const url = await serve((body, _request, response) => {
    const { status = 200, pairs_behind = 0 } = answer(posts++);
    if (status >= 400 && status < 500) return json(response, status, { title: 'out of order' });
    const given: LogEntryInput[] = JSON.parse(body).entries;
    batches.push(given.length);
    for (const { available_at } of given) if (!log.includes(available_at)) log.push(available_at);
    if (status >= 500) return response.destroy();
    json(response, 200, { seq: log.length, watermark: log.at(-1), pairs_behind });
  });
  return { url, log, batches, posts: () => posts };
}

/** An ingress that serves station "a" by the canary and fails station "e". */
async function stubIngress() {
  return await serve((body, request, response) => {
    const station_id = request.headers['x-station-id'];
    if (station_id === 'e') return json(response, 503, { title: 'history-behind' });
    const record = { station_id, pod_hash: station_id === 'a' ? 'canary' : 'stable', fallback: false };
    expect(JSON.parse(body).station_ids).toEqual([station_id]);
    json(response, 200, { records: [record] });
  });
}

async function run(
  given: Partial<ReplayOptions> & Pick<ReplayOptions, 'scorerUrl'>,
  until: (p: ReplayProgress) => boolean,
) {
  const stop = new AbortController();
  const result = await replay({
    entries: entries(30),
    ingressUrl: 'http://127.0.0.1:1',
    stations,
    hours_per_s: 500,
    sample_per_hour: 1,
    seed: 1,
    limit: () => Number.POSITIVE_INFINITY,
    signal: stop.signal,
    ...given,
    onHour: (progress) => {
      given.onHour?.(progress);
      if (until(progress)) stop.abort();
    },
  });
  return result;
}

test('history goes in batches of a day, the rest included', async () => {
  const scorer = await stubScorer();
  const signal = new AbortController().signal;
  const last = await preload({ entries: entries(50), scorerUrl: scorer.url, signal });
  expect(scorer.batches).toEqual([24, 24, 2]);
  expect(last?.watermark).toBe(isoOfHour(START_H + 49));
});

test('every hour is posted once, in order, and the rate that was achieved is told', async () => {
  const scorer = await stubScorer();
  const result = await run({ scorerUrl: scorer.url }, ({ hours_done }) => hours_done === 30);
  expect(scorer.log).toEqual(entries(30).map(({ available_at }) => available_at));
  expect(result).toMatchObject({ hours_done: 30, held_s: 0 });
  expect(result.achieved_hours_per_s).toBeGreaterThan(0);
});

test('the phase end is not passed until it moves on, and traffic goes on meanwhile', async () => {
  const scorer = await stubScorer();
  const ingressUrl = await stubIngress();
  let limit = START_H + 9;
  let looks = 0;
  const seen: number[] = [];
  const result = await run(
    {
      scorerUrl: scorer.url,
      ingressUrl,
      limit: () => {
        if (seen.length === 10) {
          expect(scorer.log).toHaveLength(10);
          looks += 1;
          if (looks > 8) limit = START_H + 100;
        }
        return limit;
      },
      onHour: ({ hour }) => seen.push(hour),
    },
    ({ hours_done }) => hours_done === 30,
  );
  expect(seen).toEqual(entries(30).map((_, i) => START_H + i));
  expect(result.held_s).toBeGreaterThan(0);
  expect(result.traffic.sent).toBeGreaterThan(30);
});

test('a scorer behind with its pairs is waited for, by asking again with an entry it has', async () => {
  const behind = [0, 7, 9, 8, 6, 0];
  const scorer = await stubScorer((post) => ({ pairs_behind: behind[post] ?? 0 }));
  const result = await run({ scorerUrl: scorer.url }, ({ hours_done }) => hours_done === 10);
  expect(scorer.log).toHaveLength(10);
  expect(scorer.posts()).toBe(13);
  expect(result.behind_s).toBeGreaterThan(0);
});

test('a post whose answer is lost is made again and changes nothing', async () => {
  const scorer = await stubScorer((post) => ({ status: post === 3 || post === 4 ? 500 : 200 }));
  await run({ scorerUrl: scorer.url }, ({ hours_done }) => hours_done === 10);
  expect(scorer.log).toEqual(entries(10).map(({ available_at }) => available_at));
  expect(scorer.posts()).toBe(12);
});

test('a scorer that stays away is an error that names it and the hour', async () => {
  const gone = run({ scorerUrl: 'http://127.0.0.1:1', patience_ms: 200 }, () => false);
  await expect(gone).rejects.toThrow(
    /scorer at http:\/\/127\.0\.0\.1:1 did not take the observations of 2015-.*within 0\.2 s/,
  );
});

test('a refused entry is an error at once', async () => {
  const scorer = await stubScorer((post) => ({ status: post === 2 ? 409 : 200 }));
  await expect(run({ scorerUrl: scorer.url }, () => false)).rejects.toThrow(
    /refused observations.*HTTP 409.*out of order/,
  );
  expect(scorer.posts()).toBe(3);
});

test('answers are counted by version, failures by kind, and stations exposed to the canary are known', async () => {
  const scorer = await stubScorer();
  const ingressUrl = await stubIngress();
  const options = { scorerUrl: scorer.url, ingressUrl, sample_per_hour: 2, entries: entries(400) };
  const done = ({ traffic }: ReplayProgress) =>
    (traffic.errors.get('HTTP 503') ?? 0) >= 4 && (traffic.answered.get('stable') ?? 0) >= 9;
  const { traffic } = await run(options, done);
  expect([...(traffic.stations.get('canary') ?? [])]).toEqual(['a']);
  expect([...(traffic.stations.get('stable') ?? [])].sort()).toEqual(['b', 'c', 'd']);
  expect([...traffic.errors.keys()]).toEqual(['HTTP 503']);
});

test('an ingress that is away is counted and does not stop the hours', async () => {
  const scorer = await stubScorer();
  const done = ({ traffic }: ReplayProgress) => traffic.errors.size > 0;
  const { traffic } = await run({ scorerUrl: scorer.url, entries: entries(400) }, done);
  expect([...traffic.errors.keys()]).toEqual(['ECONNREFUSED']);
});

test('traffic takes every station once before any comes again, and the seed gives the order', () => {
  const take = (seed: number) => {
    const next = rotation(stations, seed);
    return Array.from({ length: 15 }, () => next());
  };
  const order = take(7);
  for (const round of [0, 5, 10]) expect(order.slice(round, round + 5).sort()).toEqual(stations);
  expect(take(7)).toEqual(take(7));
  expect(take(8)).not.toEqual(take(7));
});
