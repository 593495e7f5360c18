import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { isoOfHour } from '../core/telemetry.ts';
import { DatabaseError } from './database.ts';
import { openPostgres } from './postgres.ts';
import { PostgresServer } from './postgres-server.ts';
import { ScorerProcess } from './scorer-process.ts';
import { Services } from './stand-in-services.ts';
import * as world from './stand-in-world.ts';
import { Turns } from './turns.ts';

const postgres = new PostgresServer();
beforeAll(() => postgres.start());
afterAll(() => postgres.stop());

let url = '';
const closers: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  url = await postgres.createDatabase();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A scorer's database, and how often its memory was read from it. */
async function opened() {
  const db = await openPostgres(url);
  closers.push(() => db.close());
  const turns = new Turns(db);
  const loads = { count: 0 };
  turns.beforeFirst(async () => {
    loads.count++;
  });
  const write = () => db.transaction(async (query) => query('SELECT 1'));
  return { db, turns, loads, write };
}

const quiet = { warn: () => {} };

test('a writer whose connection breaks while idle writes no more until it has the lease and has read memory again', async () => {
  const { db, turns, loads, write } = await opened();
  await turns.load();
  await postgres.disconnect(url);
  await expect.poll(() => db.leased).toBe(false);
  expect(turns.fresh).toBe(false);
  await expect(write()).rejects.toThrow(DatabaseError);
  await turns.take(write);
  expect(loads.count).toBe(2);
  expect(turns.fresh).toBe(true);
});

test('memory is read again though nobody asks for a turn', async () => {
  const { db, turns, loads } = await opened();
  await turns.load();
  await postgres.disconnect(url);
  await expect.poll(() => db.leased).toBe(false);
  const stop = new AbortController();
  const running = turns.run(stop.signal, quiet);
  await expect.poll(() => turns.fresh, { timeout: 60_000 }).toBe(true);
  expect(loads.count).toBe(2);
  stop.abort();
  await running;
});

test('a write that fails by itself is rolled back and keeps the lease', async () => {
  const { db, write } = await opened();
  const fails = db.transaction(async (query) => {
    await query('CREATE TABLE half (n INTEGER)');
    await query('SELECT 1 / 0');
  });
  await expect(fails).rejects.toThrow('division by zero');
  expect(db.leased).toBe(true);
  await write();
  await expect(db.query('SELECT * FROM half')).rejects.toThrow('does not exist');
});

test('while another scorer writes none does beside it, and after it only one that begins anew', async () => {
  const first = await opened();
  await first.turns.load();
  await postgres.disconnect(url);
  const second = await openPostgres(url);
  await second.transaction((query) => query('CREATE TABLE of_second (n INTEGER)'));
  await expect(first.turns.take(first.write)).rejects.toThrow(/another scorer may be using it/);
  await expect(first.write()).rejects.toThrow(DatabaseError);
  await second.close();
  await expect(first.turns.run(AbortSignal.timeout(60_000), quiet)).rejects.toThrow(/must start again/);
  expect(first.loads.count).toBe(1);
  await expect(first.write()).rejects.toThrow(DatabaseError);
  await (await opened()).turns.take(async () => {});
});

test('a scorer whose idle connection breaks is ready again though nobody asks it for anything, and has lost nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gridramp-lease-'));
  const services = new Services();
  const address = await services.listen();
  const scorer = new ScorerProcess({ services: address, data: folder, registry: folder, database_url: url });
  closers.push(async () => {
    await scorer.end('SIGKILL');
    services.close();
    rmSync(folder, { recursive: true });
  });
  await scorer.start();
  const observe = (h: number) => scorer.post('/v1/observations', { entries: [world.entryAt(h)] });
  await observe(world.START_H);
  await scorer.settled();
  await postgres.disconnect(url);
  const isReady = async () => (await fetch(`${scorer.url}/readyz`)).status;
  await expect.poll(isReady, { timeout: 60_000 }).toBe(200);
  const answer = await observe(world.START_H + 1);
  expect(answer).toMatchObject({ status: 200, body: { seq: 2, watermark: isoOfHour(world.START_H + 1) } });
  expect((await scorer.settled()).current?.state.pairs_complete).toBe(2 * world.stations.length);
});
