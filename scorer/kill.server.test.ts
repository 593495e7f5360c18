import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { randomOf } from '../core/random.ts';
import type { ForecastRecord } from '../core/record.ts';
import { PostgresServer } from './postgres-server.ts';
import * as world from './stand-ins.ts';

const { START_H } = world;

/** A kill falls at most so long after the bytes of a request went out: before, into and after its writes and those of the pairing. */
const LONGEST_FUSE_MS = 40;
/** Of all requests. */
const KILLED_SHARE = 0.8;

let folder = '';
let services = new world.Services();
const scorers: world.ScorerProcess[] = [];
let postgres: PostgresServer | null = null;

afterEach(async () => {
  for (const scorer of scorers.splice(0)) await scorer.end('SIGKILL');
  services.close();
  await postgres?.stop();
  postgres = null;
  rmSync(folder, { recursive: true });
});

type Request = { path: string; body: object };

/** What pods and feed send in an hour: late and corrected readings, records twice and in pieces, some of an hour that is long settled. */
function requestsOf(h: number): Request[] {
  const served = (s: number, issue_h: number): ForecastRecord => ({
    ...world.recordOf(services.canary, s, issue_h),
    purpose: s % 2 === 0 ? 'served' : 'mirror',
  });
  const first = [0, 1, 2, 4].map((s) => served(s, h));
  const second = [2, 3, 4, 0].map((s) => served(s, h));
  const late = h < START_H + 5 ? [] : [served(5, h - 5), served(0, h - 5)];
  return [
    { path: '/v1/observations', body: { entries: [world.entryAt(h)] } },
    { path: '/v1/forecasts', body: { records: first } },
    { path: '/v1/forecasts', body: { records: second } },
    { path: '/v1/forecasts', body: { records: [...late, ...first] } },
  ];
}

/** Sends every hour's requests, each until it is acknowledged; `around` may do what it likes to the scorer meanwhile. */
async function feed(
  scorer: world.ScorerProcess,
  hours: number,
  around: (request: Request) => Promise<void>,
): Promise<void> {
  for (let h = START_H; h < START_H + hours; h++)
    for (const [i, request] of requestsOf(h).entries()) {
      await around(request);
      // The first pair makes the candidate known; what was served before is nobody's.
      if (i === 0) await scorer.settled();
    }
}

async function started(data: string, database_url?: string): Promise<world.ScorerProcess> {
  const services_url = address;
  const where = { data: join(folder, data), registry: folder, compile_cache: join(folder, 'compiled') };
  const scorer = new world.ScorerProcess({
    services: services_url,
    ...where,
    ...(database_url === undefined ? {} : { database_url }),
  });
  scorers.push(scorer);
  await scorer.start();
  return scorer;
}

let address = '';

/** Kills the scorer again and again while it is fed, and holds what it knows in the end against one that was left alone. */
async function survives(hours: number, seed: number, database_url?: string) {
  folder = mkdtempSync(join(tmpdir(), 'gridramp-kill-'));
  services = new world.Services();
  address = await services.listen();
  const calm = await started('calm');
  await feed(calm, hours, async ({ path, body }) => {
    expect((await calm.post(path, body)).status).toBe(200);
  });
  const killed = await started('killed', database_url);
  const random = randomOf(seed);
  const found = { kills: 0, acknowledged: 0 };
  await feed(killed, hours, async ({ path, body }) => {
    const fuse_ms = random() * LONGEST_FUSE_MS;
    if (random() > KILLED_SHARE) return void expect((await killed.post(path, body)).status).toBe(200);
    const posted = killed.post(path, body).catch(() => null);
    await delay(fuse_ms);
    await killed.end('SIGKILL');
    const answer = await posted;
    await killed.start();
    found.kills++;
    const again = await killed.post(path, body);
    expect(again.status).toBe(200);
    if (answer === null) return;
    // What was acknowledged is still known: nothing of it is new.
    found.acknowledged++;
    if (path === '/v1/forecasts') expect(again.body).toMatchObject({ accepted: 0 });
    else expect(again.body).toMatchObject({ seq: answer.body.seq });
  });
  const [expected, left] = [await calm.settled(), await killed.settled()];
  return { ...found, expected, left };
}

function judgedSums({ seq, watermark, settled, arms }: Awaited<ReturnType<world.ScorerProcess['status']>>) {
  const sums = arms.map(({ state, station_sums, hours }) => {
    const { sums, pairs_expected, pairs_complete, hours_incomplete, hours_missed, invalid, frozen, served } = state;
    const counts = { pairs_expected, pairs_complete, hours_incomplete, hours_missed, invalid, frozen, served };
    return { sums, station_sums, hours, counts, broken: state.parity_broken, drift: state.drift };
  });
  return { seq, watermark, settled, sums };
}

const HOURS = 66;

test('SQLite: killed hundreds of times under load, a scorer has lost nothing that it acknowledged, and its sums are the same', async () => {
  const { kills, acknowledged, expected, left } = await survives(HOURS, 1);
  expect(judgedSums(left)).toEqual(judgedSums(expected));
  expect(left.arms[0]).toMatchObject({ hours: HOURS - 30, state: { served: HOURS * 5 + HOURS - 5 } });
  expect(kills).toBeGreaterThanOrEqual(200);
  expect(acknowledged).toBeGreaterThan(0);
  expect(acknowledged).toBeLessThan(kills);
}, 1_200_000);

const FEWER_HOURS = 36;

test('PostgreSQL: the same, fewer times', async () => {
  postgres = new PostgresServer();
  await postgres.start();
  const { kills, expected, left } = await survives(FEWER_HOURS, 2, await postgres.createDatabase());
  expect(judgedSums(left)).toEqual(judgedSums(expected));
  expect(left.arms[0]).toMatchObject({ hours: FEWER_HOURS - 30 });
  expect(kills).toBeGreaterThanOrEqual(80);
}, 600_000);
