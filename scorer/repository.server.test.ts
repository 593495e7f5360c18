import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { emptyFact, parseDayFacts } from '../core/assessment/day-fact.ts';
import { DatabaseError, type Dialect } from './database.ts';
import type { DayCounts } from './day-counts.ts';
import { knownVersion, migrate, NEWEST } from './migrations.ts';
import { openDatabase, openRepository, type Where } from './open.ts';
import { PostgresServer } from './postgres-server.ts';
import { KEPT_SESSIONS, Repository, type SessionKey } from './repository.ts';

const postgres = new PostgresServer();
beforeAll(() => postgres.start());
afterAll(() => postgres.stop());

const H = 400_000;
const key: SessionKey = { release: 'r', pod_hash: 'p', arm: 'a', stable: 's' };
const record = (station_id: string, issue_h = H) => ({
  ...{ release: 'r', arm: 'a', purpose: 'served' },
  ...{ station_id, issue_h, latency_ms: 12.5 },
});
const pair = (issue_h: number) => ({
  issue_h,
  candidate: Float64Array.of(1, Number.NaN),
  stable: Float64Array.of(-0.5, 1e300),
  digests: Uint8Array.of(0, 255),
});

/** The next row has the largest number of 32 bits; SQLite goes on from the largest that is there. */
function sqlOf(dialect: Dialect, table: string): string {
  const last = 2 ** 31 - 1;
  return dialect === 'postgresql'
    ? `ALTER TABLE ${table} ALTER COLUMN id RESTART WITH ${last}`
    : `UPDATE ${table} SET id = ${last}`;
}

/** One promise for both: the same tests over each. */
describe.each(['sqlite', 'postgresql'] as const)('in %s', (dialect) => {
  let where: Where;
  let repository: Repository;

  beforeEach(async () => {
    const data = mkdtempSync(join(tmpdir(), 'gridramp-repository-'));
    where = { data, database_url: dialect === 'sqlite' ? null : await postgres.createDatabase() };
    repository = await openRepository(where);
  });
  afterEach(async () => {
    await repository.close();
    rmSync(where.data, { recursive: true });
  });

  const reopened = async () => {
    await repository.close();
    repository = await openRepository(where);
  };
  const begun = async (state = '{}') => {
    const [row] = await repository.beginSessions([key], H, () => state);
    if (row === undefined) throw new Error('no session began');
    return row;
  };

  test('the log is kept in order, with its stations', async () => {
    const entries = [1, 2, 3].map((seq) => ({ seq, available_h: H + 2 * seq, observations: `["é ${seq}"]` }));
    const stations = [
      { index: 0, station_id: 'b' },
      { index: 1, station_id: 'a' },
    ];
    expect(await repository.appendEntries(entries, stations, 0)).toBe(1);
    await reopened();
    expect(await repository.stations()).toEqual(['b', 'a']);
    expect(await repository.stations(1)).toEqual(['a']);
    expect(await repository.entriesAfter(1, 5)).toEqual(entries.slice(1));
    expect(await repository.entriesAfter(0, 2)).toEqual(entries.slice(0, 2));
    expect(await repository.lastEntry()).toEqual(entries[2]);
    expect(await repository.entryAt(H + 4)).toEqual(entries[1]);
    expect(await repository.entryAt(H + 5)).toBeUndefined();
    expect(await repository.seqSince(H + 3)).toBe(2);
    expect(await repository.seqSince(H + 7)).toBeNull();
  });

  test('a write that fails leaves nothing behind', async () => {
    const entry = { seq: 1, available_h: H, observations: '[]' };
    await repository.appendEntries([entry], [], 0);
    const twice = repository.appendEntries(
      [{ ...entry, seq: 2, available_h: H + 1 }, entry],
      [{ index: 0, station_id: 'a' }],
      0,
    );
    await expect(twice).rejects.toThrow(DatabaseError);
    expect(await repository.entriesAfter(0, 9)).toEqual([entry]);
    expect(await repository.stations()).toEqual([]);
    expect(await repository.appendEntries([{ ...entry, seq: 2, available_h: H + 1 }], [], H + 1)).toBe(2);
    expect(await repository.entriesAfter(0, 9)).toMatchObject([{ seq: 2 }]);
    expect(await repository.lastEntry()).toMatchObject({ seq: 2 });
  });

  test('a session goes on from what it was, and its pairs come back to the last bit', async () => {
    const row = await begun('{"n":1}');
    const station_sums = Float64Array.of(1 / 3, Number.NaN, -0);
    const station_groups = Float64Array.of(1, 412_000, 7);
    const settled = { id: row.id, state: '{"n":2}', station_sums, station_groups, pair: pair(H), needed_from_h: H };
    await repository.settle({ settled_h: H, sessions: [settled], drift: [], switched: [] });
    await repository.settle({
      settled_h: H + 1,
      sessions: [{ ...settled, pair: pair(H + 1), needed_from_h: H + 1 }],
      drift: [],
      switched: [],
    });
    await repository.saveBacktest('{"b":1}', { id: row.id, state: '{"n":3}' }, []);
    await reopened();
    expect(await repository.settledHour()).toBe(H + 1);
    expect(await repository.sessions()).toEqual([
      { ...key, id: row.id, state: '{"n":3}', station_sums, station_groups, backtest: '{"b":1}' },
    ]);
    expect(await repository.pairs(row.id)).toEqual([pair(H + 1)]);
    const known: unknown[] = [];
    await repository.beginSessions([{ ...key, arm: 'b' }, key], H + 5, (before) => {
      known.push(before?.state);
      return '{}';
    });
    expect(known).toEqual([undefined, '{"n":3}']);
    expect((await repository.sessions()).map(({ arm }) => arm)).toEqual(['a', 'b']);
    expect(await repository.settledHour()).toBe(H + 4);
  });

  test('the newest sessions are kept, and one that is taken up again is among them', async () => {
    const begin = (n: number, issue_h: number) =>
      repository.beginSessions([{ ...key, release: `${n}` }], issue_h, () => '{}');
    for (let n = 0; n < KEPT_SESSIONS; n++) await begin(n, H + n);
    await begin(1, H + KEPT_SESSIONS);
    await begin(KEPT_SESSIONS, H + KEPT_SESSIONS + 1);
    await repository.close();
    const db = await openDatabase(where);
    repository = new Repository(db);
    const rows = await db.query('SELECT release FROM session ORDER BY last_used');
    const releases = rows.map(({ release }) => Number(release));
    expect(releases).toEqual([...Array(KEPT_SESSIONS).keys()].slice(2).concat(1, KEPT_SESSIONS));
    expect((await repository.sessions()).map(({ release }) => Number(release))).toEqual(releases);
  });

  test('pairs of sessions that are not judged any more are forgotten', async () => {
    const row = await begun();
    const settled = { id: row.id, state: '{}', station_sums: new Float64Array(0), pair: pair(H), needed_from_h: H };
    await repository.settle({ settled_h: H, sessions: [settled], drift: [], switched: [] });
    const [other] = await repository.beginSessions([{ ...key, release: 'q' }], H + 1, () => '{}');
    await repository.settle({
      settled_h: H + 1,
      sessions: [{ ...settled, id: other?.id ?? 0, pair: null }],
      drift: [],
      switched: [],
    });
    expect(await repository.pairs(row.id)).toEqual([]);
  });

  test('a record counts once, by its whole key', async () => {
    const { id } = await begun();
    const take = async (oldest_h: number, records: ReturnType<typeof record>[]) => {
      let fresh: unknown[] = [];
      await repository.takeRecords(oldest_h, records, (found) => {
        fresh = found;
        return {
          samples: found.map(({ issue_h, station_id }) => ({ session_id: id, issue_h, record: station_id })),
          sessions: [{ id, state: `{"fresh":${found.length}}` }],
          days: [],
        };
      });
      return fresh;
    };
    const variants = [
      record('a'),
      record('a', H + 1),
      { ...record('a'), arm: 'b' },
      { ...record('a'), purpose: 'mirror' },
    ];
    expect(await take(H, [...variants, record('a')])).toEqual(variants);
    expect(await take(H, variants)).toEqual([]);
    const many = Array.from({ length: 200 }, (_, i) => record(`station ${i % 150}`));
    expect(await take(H, many)).toEqual(many.slice(0, 150));
    await reopened();
    expect(await take(H, many)).toEqual([]);
    expect(await repository.samplesWaiting()).toBe(4 + 150);
    expect((await repository.samples(2)).map((sample) => sample.record)).toEqual(['a', 'a']);
    expect((await repository.sessions())[0]?.state).toBe('{"fresh":0}');
    expect(await take(H + 1, [])).toEqual([]);
    expect(await repository.samplesWaiting()).toBe(1);
    expect(await take(H + 1, [record('a', H + 1)])).toEqual([]);
    const [left] = await repository.samples(9);
    expect(await repository.samplesChecked([left?.id ?? 0, 999_999], [])).toBe(1);
    expect(await repository.samplesWaiting()).toBe(0);
  });

  test('nothing that `count` throws at is remembered', async () => {
    const fails = repository.takeRecords(H, [record('a')], () => {
      throw new RangeError('no');
    });
    await expect(fails).rejects.toThrow(RangeError);
    let fresh = 0;
    await repository.takeRecords(H, [record('a')], (found) => {
      fresh = found.length;
      return { samples: [], sessions: [], days: [] };
    });
    expect(fresh).toBe(1);
  });

  test("a day's counts add up until its facts take their place, and old facts are forgotten", async () => {
    const counts = {
      ...{ day: '2026-03-01', release: 'r', arm: 'a', answered: 2, fallback: 1, latency_counts: [0, 2] },
      pod_hashes: ['b'],
    };
    const add = (days: DayCounts[]) => repository.takeRecords(H, [], () => ({ samples: [], sessions: [], days }));
    await add([counts, { ...counts, day: '2026-03-02' }]);
    await add([{ ...counts, answered: 5, latency_counts: [4, 1], pod_hashes: ['a', 'b'] }]);
    await reopened();
    expect(await repository.unfinishedDay('2026-02-28')).toBeNull();
    expect(await repository.unfinishedDay('2026-03-05')).toBe('2026-03-01');
    expect(await repository.dayCounts('2026-03-01')).toMatchObject([
      { answered: 7, fallback: 2, pod_hashes: ['a', 'b'] },
    ]);
    expect((await repository.dayCounts('2026-03-01'))[0]?.latency_counts.slice(0, 3)).toEqual([4, 3, 0]);
    const fact = (day: string) => emptyFact({ day, release: 'r', arm: 'a', role: 'serving' });
    for (const _ of [1, 2]) await repository.finishDay('2026-03-01', [fact('2026-03-01')], '2025-01-01');
    await repository.finishDay('2026-03-02', [fact('2026-03-02')], '2026-03-02');
    await reopened();
    expect(await repository.unfinishedDay('2026-03-05')).toBeNull();
    const drift = { day: '2026-03-02', release: 'r', arm: 'a', events: 1 };
    for (const settled_h of [H, H + 1])
      await repository.settle({ settled_h, sessions: [], drift: [drift], switched: [] });
    expect(await repository.driftOf('2026-03-02')).toEqual([{ ...drift, events: 2 }]);
    await repository.finishDay('2026-03-02', [fact('2026-03-02')], '2026-01-01');
    expect(await repository.driftOf('2026-03-02')).toEqual([]);
    const lines = await repository.dayFacts({ from: '2026-01-01', to: '2026-12-31' });
    expect(parseDayFacts(lines.join(''), 'facts')).toEqual([fact('2026-03-02')]);
  });

  test('who answered is known after a restart, and how fast', async () => {
    const odd = { ...record('line\nend', H + 1), release: 'sha256:é' };
    await repository.takeRecords(H, [record('a'), odd], () => ({ samples: [], sessions: [], days: [] }));
    const { purpose: _, ...answer } = odd;
    expect(await repository.answersAfter(H)).toEqual([answer]);
  });

  test('events count once, by day; texts are kept, and what is too old goes', async () => {
    const event = (event_id: string, day: number, more: object = {}) => ({
      ...{ event_id, day, station_id: 'a', release: 'r', arm: 'x', time: '2016-08-01T05:12:33Z' },
      ...{ kind: 'recommendation-shown' as const, ...more },
    });
    const told = { kind: 'feedback' as const, score: 4, text: 'good' };
    const { events } = repository;
    expect(await events.take([event('1', 10), event('1', 10), event('2', 12, told)], 0, 0)).toHaveLength(2);
    expect(await events.take([event('1', 10), event('3', 12), event('4', 12, { release: 'c' })], 0, 0)).toHaveLength(2);
    const none = { shown: 0, followed: 0, scores: 0, score_sum: 0 };
    expect(await events.before({ from: 0, to: 12 }, 'c')).toEqual([
      { station_id: 'a', ...none, shown: 2, scores: 1, score_sum: 4 },
    ]);
    expect(await events.since(12)).toEqual(
      expect.arrayContaining([
        { station_id: 'a', release: 'c', arm: 'x', ...none, shown: 1 },
        { station_id: 'a', release: 'r', arm: 'x', ...none, shown: 1, scores: 1, score_sum: 4 },
      ]),
    );
    expect(await events.feedback(5)).toMatchObject([{ score: 4, text: 'good' }]);
    await events.take([event('5', 20)], 12, 13);
    expect(await events.before({ from: 0, to: 99 }, 'c')).toEqual([{ station_id: 'a', ...none, shown: 1 }]);
    // Forgotten, so it would count again: that is why older events are not taken.
    expect(await events.take([event('1', 20), event('2', 20)], 12, 13)).toHaveLength(1);
  });

  test('switches are kept with who and why; of old ones those that are still off', async () => {
    const { switches } = repository;
    const moved = { release: 'r', arm: 'a', off: true, who: 'mia', why: 'it harms', settled_h: null };
    await switches.move(moved);
    await repository.settle({
      settled_h: H,
      sessions: [],
      drift: [],
      switched: [{ ...moved, arm: 'b', settled_h: H }],
    });
    for (let i = 0; i < 1000; i++) await switches.move({ ...moved, arm: 'c', off: i % 2 === 0 });
    await reopened();
    const events = await repository.switches.events();
    expect(events.slice(0, 2)).toMatchObject([moved, { ...moved, arm: 'b', settled_h: H }]);
    expect(events).toHaveLength(1002);
    await repository.switches.move({ ...moved, off: false });
    // The first is no longer the last word on its arm.
    expect((await repository.switches.events())[0]).toMatchObject({ arm: 'b' });
  });

  test('down and up again loses nothing that the older schema could hold', async () => {
    await repository.close();
    const db = await openDatabase(where);
    const odd = { ...record('line\nend', H), release: 'sha256:é' };
    repository = new Repository(db);
    const { id } = await begun('{"n":7}');
    await repository.appendEntries(
      [{ seq: 1, available_h: H, observations: '[]' }],
      [{ index: 0, station_id: 'a' }],
      0,
    );
    await repository.settle({
      settled_h: H,
      sessions: [
        {
          id,
          state: '{"n":8}',
          station_sums: Float64Array.of(1),
          station_groups: Float64Array.of(1, H, 2),
          pair: pair(H),
          needed_from_h: H,
        },
      ],
      drift: [],
      switched: [],
    });
    const remember = async () => {
      let fresh: unknown[] = [];
      await repository.takeRecords(H, [record('a'), odd], (found) => {
        fresh = found;
        return { samples: [], sessions: [], days: [] };
      });
      return fresh;
    };
    expect(await remember()).toHaveLength(2);
    expect(await db.version()).toBe(NEWEST);
    const down = await migrate(db, 1);
    expect(down.map(({ from, to }) => [from, to])).toEqual([
      [9, 8],
      [8, 7],
      [7, 6],
      [6, 5],
      [5, 4],
      [4, 3],
      [3, 2],
      [2, 1],
    ]);
    const rows = await db.query('SELECT issue_h, release, arm, station_id, purpose FROM seen ORDER BY station_id');
    expect(rows.map((row) => ({ ...row, latency_ms: 12.5 }))).toEqual([record('a'), odd]);
    await migrate(db);
    expect(await remember()).toEqual([]);
    expect(await repository.pairs(id)).toEqual([pair(H)]);
    expect((await repository.sessions())[0]).toMatchObject({ state: '{"n":8}', station_groups: new Float64Array(0) });
    expect(await repository.stations()).toEqual(['a']);
  });

  test('scores that an older scorer counted have no squares, and events after them neither', async () => {
    const feedback = {
      station_id: 'a',
      time: '1970-01-02T05:00:00Z',
      day: 1,
      release: 'r',
      arm: 'a',
      kind: 'feedback',
    } as const;
    const give = (event_id: string, score: number, more: { text?: string; station_id?: string } = {}) =>
      repository.events.take([{ ...feedback, event_id, score, ...more }], 0, 0);
    const ofDay = async () => (await repository.events.ofDay(1))[0];
    await give('1', 5, { text: 'good' });
    await give('2', 2, { station_id: 'b' });
    expect(await ofDay()).toMatchObject({ release: 'r', scores: 2, score_sum: 7, score_sq_sum: 29, texts: ['good'] });
    expect(await repository.events.ofDay(2)).toEqual([]);
    await repository.close();
    const db = await openDatabase(where);
    await migrate(db, 4);
    await migrate(db);
    repository = new Repository(db);
    await give('3', 1);
    expect(await ofDay()).toMatchObject({ scores: 3, score_sum: 8, score_sq_sum: null });
  });

  test('samples and texts are numbered beyond what 32 bits hold, and keep their order on the way back', async () => {
    const { id } = await begun();
    const take = (station_id: string) =>
      repository.takeRecords(H, [record(station_id)], (fresh) => ({
        samples: fresh.map(({ issue_h }) => ({ session_id: id, issue_h, record: station_id })),
        ...{ sessions: [], days: [] },
      }));
    const told = { ...{ station_id: 'a', time: '1970-01-02T05:00:00Z', day: 1, release: 'r', arm: 'a' } };
    const tell = (text: string) =>
      repository.events.take([{ ...told, event_id: text, kind: 'feedback', score: 3, text }], 0, 0);
    const both = async (name: string) => Promise.all([take(name), tell(name)]);
    const samples = async () => (await repository.samples(9)).map((sample) => sample.record);
    const texts = async () => (await repository.events.feedback(9)).map(({ text }) => text).reverse();
    await both('first');
    await repository.close();
    const db = await openDatabase(where);
    repository = new Repository(db);
    for (const table of ['sample', 'feedback']) await db.transaction((query) => query(sqlOf(dialect, table)));
    await both('second');
    await both('third');
    expect((await repository.samples(9)).at(-1)?.id).toBeGreaterThanOrEqual(2 ** 31);
    await migrate(db, 5);
    await both('fourth');
    await migrate(db);
    await both('fifth');
    const rest = ['second', 'third', 'fourth', 'fifth'];
    expect(await samples()).toEqual(['first', ...rest]);
    // Of texts the newest numbers are kept.
    expect((await texts()).slice(-rest.length)).toEqual(rest);
  });

  test('all the way down leaves nothing, and up again an empty database that works', async () => {
    await repository.close();
    const db = await openDatabase(where);
    await migrate(db, 0);
    await expect(db.query('SELECT * FROM log')).rejects.toThrow();
    await migrate(db);
    repository = new Repository(db);
    expect(await repository.lastEntry()).toBeUndefined();
    await begun();
  });

  test('a schema that is newer than this program is refused with the fix', async () => {
    await repository.close();
    const db = await openDatabase(where);
    await db.transaction((query) => db.setVersion(query, NEWEST + 1));
    await expect(knownVersion(db)).rejects.toThrow(`scorer:migrate -- --to ${NEWEST}`);
    await db.close();
    await expect(openRepository(where)).rejects.toThrow(`has schema ${NEWEST + 1}`);
    const again = await openDatabase(where);
    await again.transaction((query) => again.setVersion(query, NEWEST));
    repository = new Repository(again);
  });

  test('a second scorer is refused', async () => {
    await expect(openRepository(where)).rejects.toThrow('another scorer');
  });
});
