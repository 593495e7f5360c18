import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BusinessEvent } from '../core/business/events.ts';
import type { Purpose } from '../core/record.ts';
import { HOUR_MS } from '../core/telemetry.ts';
import { Killer } from './kill-driver.ts';
import { PostgresServer } from './postgres-server.ts';
import { ScorerProcess } from './scorer-process.ts';
import { Services } from './stand-in-services.ts';
import * as world from './stand-in-world.ts';
import { writeBacktest } from './with-scorers.ts';

const { START_H, stations } = world;
/** Until then no target hour is judged. */
const FIRST_JUDGED_HOURS = 30;
/** Of issue hours that are long closed. */
const LATE_HOURS = 30;
/** Hours that a fed scorer may be behind: what comes for a closed hour counts otherwise than for an open one. */
const MOST_BEHIND = 8;
/** While this hour is fed the database server is killed, and the scorer is not. */
const CRASH_H = START_H + FIRST_JUDGED_HOURS + 5;

let folder = '';
const closers: (() => unknown)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gridramp-kill-'));
  writeBacktest(folder);
});

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true });
});

/** A scorer with services of its own, which nobody kills yet. */
async function fed(data: string, seed: number, database_url?: string): Promise<Killer> {
  const services = new Services();
  closers.push(() => services.close());
  const scorer = new ScorerProcess({
    ...{ services: await services.listen(), data: join(folder, data), registry: folder },
    ...(database_url === undefined ? {} : { database_url }),
  });
  const killer = new Killer(scorer, services, seed);
  closers.push(async () => {
    await killer.disarm();
    await scorer.end('SIGKILL');
  });
  await scorer.start();
  return killer;
}

const { canary, stable } = new Services();

function records(of: readonly number[], h: number) {
  const record = (s: number) => {
    const purpose: Purpose = s % 2 === 0 ? 'served' : 'mirror';
    return { ...world.recordOf(s < 5 ? canary : stable, s, h), purpose, latency_ms: 1 + ((7 * s + h) % 300) };
  };
  return { records: of.map(record) };
}

/** Of every kind one, and the first of the hour before again. */
function events(h: number): { events: BusinessEvent[] } {
  const event = (s: number, at_h: number): BusinessEvent => ({
    event_id: `${at_h}/${s}`,
    station_id: stations[s] ?? '',
    time: new Date(at_h * HOUR_MS + 61_000).toISOString(),
    ...(s % 2 === 0 ? { release: world.CANDIDATE, arm: 'candidate' } : { release: world.STABLE, arm: 'control' }),
    kind: 'recommendation-shown',
  });
  const followed: BusinessEvent = { ...event(1, h), event_id: `${h}/followed`, kind: 'recommendation-followed' };
  const score = 1 + (h % 5);
  const feedback: BusinessEvent = {
    ...event(2, h),
    event_id: `${h}/feedback`,
    kind: 'feedback',
    score,
    text: `of ${h}`,
  };
  return { events: [...stations.map((_, s) => event(s, h)), followed, feedback, event(0, h - 1)] };
}

/** An hour of feed, pods and users; late readings and corrections are the world's own. What one answer depends on comes before it. */
async function hour(killer: Killer, h: number): Promise<void> {
  const { pairs_behind } = await killer.post('/v1/observations', { entries: [world.entryAt(h)] });
  // The first pair makes the candidate known; what was served before is nobody's.
  if (h === START_H || Number(pairs_behind) > MOST_BEHIND) await killer.until(() => killer.scorer.settled());
  await Promise.all([
    killer.post('/v1/forecasts', records([0, 1, 5], h)),
    killer.post('/v1/forecasts', records([2, 3, 6], h)),
    killer.post('/v1/events', events(h)),
  ]);
  await killer.post('/v1/forecasts', records([4, 3, 2, 4], h));
  await killer.post('/v1/forecasts', records([0, 1, 4], Math.max(START_H, h - LATE_HOURS)));
  if (h % 5 === 0) await killer.post('/v1/observations', { entries: [world.entryAt(h)] });
}

/** All that a scorer tells anyone, once it has done what it can. */
async function everything({ scorer }: Killer) {
  const status = await scorer.settled();
  const text = async (path: string) => (await fetch(`${scorer.url}${path}`)).text();
  const [metrics, feedback] = [await text('/metrics'), await text('/v1/feedback')];
  const pages = [0, 50, 100, 150, 200].map((after) => text(`/v1/observations?limit=50&after=${after}`));
  return { status, metrics, feedback, log: await Promise.all(pages) };
}

type Postgres = { url: string; crash: () => Promise<void> };

/** Feeds a scorer, killed again and again, hours until it was killed so often, then another that is left alone. */
async function survives(name: string, seed: number, kills: number, postgres?: Postgres) {
  const killer = await fed(name, seed, postgres?.url);
  let h = START_H;
  try {
    killer.arm();
    for (; killer.kills < kills || h < START_H + 2 * FIRST_JUDGED_HOURS; h++) {
      if (killer.kills >= kills) await killer.disarm();
      if (postgres === undefined || h !== CRASH_H) await hour(killer, h);
      else {
        await killer.disarm();
        await Promise.all([postgres.crash(), hour(killer, h)]);
        killer.arm();
      }
    }
    await killer.disarm();
    const found = await everything(killer);
    const calm = await fed(`${name}-calm`, seed);
    for (let again = START_H; again < h; again++) await hour(calm, again);
    const expected = await everything(calm);
    expect(expected.status.seq).toBe(h - START_H);
    expect(expected.status.current?.hours).toBe(h - START_H - FIRST_JUDGED_HOURS);
    expect(expected.status.current?.state).toMatchObject({
      served: 5 * (h - START_H),
      hours_missed: 0,
      parity_broken: 0,
    });
    expect(found).toEqual(expected);
    expect(killer.kills).toBeGreaterThanOrEqual(kills);
  } catch (error) {
    throw new Error(`seed ${seed}, ${killer.kills} kills, hour ${h - START_H}`, { cause: error });
  }
}

const KILLS = 101;
/** Two hundred processes start, on a busy machine in seconds each; the bound only ends a hang. */
const BOUND_MS = 1_200_000;

test(
  'SQLite: killed hundreds of times under load, a scorer loses nothing that it acknowledged, and all that it tells is the same',
  async () => {
    await Promise.all([survives('one', 1, KILLS), survives('two', 2, KILLS)]);
  },
  BOUND_MS,
);

test(
  'PostgreSQL: the same, and its server is killed too, under a scorer that goes on',
  async () => {
    const postgres = new PostgresServer();
    closers.push(() => postgres.stop());
    await postgres.start();
    const url = await postgres.createDatabase();
    await survives('postgres', 3, 20, { url, crash: () => postgres.killAndRestart() });
  },
  BOUND_MS,
);
