import { type DayFact, lineOf } from '../core/assessment/day-fact.ts';
import { DAY_MS, type Range } from '../core/assessment/days.ts';
import { blob, bytes, type Database, doubles, number, type Query, ROWS_AT_ONCE, type Row, text } from './database.ts';
import { addDayCounts, countsOf, type DayCounts } from './day-counts.ts';
import { addDriftDays, type DriftDay, driftDayOf } from './day-drift.ts';
import { EventRepository, type Named } from './event-repository.ts';
import { addSwitches, type NewSwitch, type SwitchEvent, SwitchRepository } from './switch-repository.ts';

/** A reading as logged; hours since the epoch. */
export type LoggedEntry = { seq: number; available_h: number; observations: string };

export type SessionKey = { release: string; pod_hash: string; arm: string; stable: string };
/** What is written of a session as it goes; what of the stations it lacks stays as it is. */
export type SavedSession = { id: number; state: string; station_sums?: Float64Array; station_groups?: Float64Array };
export type SessionRow = Required<SavedSession> & SessionKey & { backtest: string | null };
export type PairRow = { issue_h: number; candidate: Float64Array; stable: Float64Array; digests: Uint8Array };
export type RecordKey = { release: string; arm: string; station_id: string; issue_h: number; purpose: string };
/** Who answered a station in an issue hour, and how fast. */
export type Answer = { release: string; arm: string; station_id: string; issue_h: number; latency_ms: number };
export type SampleRow = { id: number; session_id: number; record: string };
export type NewSample = { session_id: number; issue_h: number; record: string };

/** Sessions that are kept, with their sums: those of the last candidates, each with its arms. */
export const KEPT_SESSIONS = 16;

/** One issue hour that is done: its pairs, what it closed and the progress. */
export type SettledHour = {
  settled_h: number;
  /** The sessions under judgement; pairs before `needed_from_h`, and those of other sessions, are forgotten. */
  sessions: (SavedSession & { pair: PairRow | null; needed_from_h: number })[];
  /** What the closed hours add to their days. */
  drift: readonly DriftDay[];
  /** Arms that what was closed proved harmful. */
  switched: readonly NewSwitch[];
};

/**
 * All that must survive, and all SQL; the same for every database. Every method is one transaction, and no kill loses one that returned.
 * The log survives a power cut too: it is the only thing that cannot be asked for again.
 */
export class Repository {
  readonly events: EventRepository;
  readonly switches: SwitchRepository;
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
    this.events = new EventRepository(db);
    this.switches = new SwitchRepository(db);
  }

  /** Whether this process is the one that writes; `acquire` makes it so again. */
  get leased(): boolean {
    return this.#db.leased;
  }

  acquire(): Promise<void> {
    return this.#db.acquire();
  }

  close(): Promise<void> {
    return this.#db.close();
  }

  // --- the log

  /** Drops entries that became known before `keep_from_h`, and returns the number of the first that is left. */
  async appendEntries(
    entries: readonly LoggedEntry[],
    stations: readonly { index: number; station_id: string }[],
    keep_from_h: number,
  ): Promise<number> {
    return this.#db.transaction(async (query) => {
      for (const { index, station_id } of stations)
        await query('INSERT INTO station VALUES (?, ?)', [index, station_id]);
      for (const { seq, available_h, observations } of entries)
        await query('INSERT INTO log VALUES (?, ?, ?)', [seq, available_h, observations]);
      await query('DELETE FROM log WHERE available_h < ?', [keep_from_h]);
      const [row] = await query('SELECT min(seq) AS seq FROM log');
      return number(row?.seq);
    }, 'power cut');
  }

  /** In their order, from index `from`. */
  async stations(from = 0): Promise<string[]> {
    const rows = await this.#db.query('SELECT station_id FROM station WHERE id >= ? ORDER BY id', [from]);
    return rows.map((row) => text(row.station_id));
  }

  async lastEntry(): Promise<LoggedEntry | undefined> {
    return (await this.#entries('SELECT * FROM log ORDER BY seq DESC LIMIT 1', []))[0];
  }

  async entryAt(available_h: number): Promise<LoggedEntry | undefined> {
    return (await this.#entries('SELECT * FROM log WHERE available_h = ?', [available_h]))[0];
  }

  entriesAfter(seq: number, limit: number): Promise<LoggedEntry[]> {
    return this.#entries('SELECT * FROM log WHERE seq > ? ORDER BY seq LIMIT ?', [seq, limit]);
  }

  /** Number of the first entry that became known at `available_h` or later; null where none did. */
  async seqSince(available_h: number): Promise<number | null> {
    const [row] = await this.#db.query('SELECT min(seq) AS seq FROM log WHERE available_h >= ?', [available_h]);
    return row?.seq === null || row === undefined ? null : number(row.seq);
  }

  // --- what is judged

  /** The last issue hour that needs no more asking; null before the first. */
  async settledHour(): Promise<number | null> {
    const [row] = await this.#db.query('SELECT settled_h FROM progress');
    return row === undefined ? null : number(row.settled_h);
  }

  /** Those that are kept, newest last. */
  async sessions(): Promise<SessionRow[]> {
    const rows = await this.#db.query(`SELECT * FROM session ${NEWEST} LIMIT ?`, [KEPT_SESSIONS]);
    return rows.reverse().map(sessionRow);
  }

  /**
   * Writes sessions that begin, or begin again, at an issue hour: those before are settled, and beyond KEPT_SESSIONS forgotten. `begin` makes
   * a session's first state from the one that it had, if any.
   */
  beginSessions(
    keys: readonly SessionKey[],
    issue_h: number,
    begin: (known: SessionRow | undefined) => string,
  ): Promise<SessionRow[]> {
    return this.#db.transaction(async (query) => {
      await query(PROGRESS, [issue_h - 1]);
      const rows: SessionRow[] = [];
      for (const key of keys) rows.push(await beginSession(query, key, issue_h, begin));
      await query(`DELETE FROM session WHERE id NOT IN (SELECT id FROM session ${NEWEST} LIMIT ?)`, [KEPT_SESSIONS]);
      return rows;
    });
  }

  /** The backtest, with the sums as they begin on it, and whether it switches the arm off. */
  saveBacktest(backtest: string, saved: SavedSession, switched: readonly NewSwitch[]): Promise<SwitchEvent[]> {
    return this.#db.transaction(async (query) => {
      await query('UPDATE session SET backtest = ? WHERE id = ?', [backtest, saved.id]);
      await saveSession(query, saved);
      return addSwitches(query, switched);
    });
  }

  settle({ settled_h, sessions, drift, switched }: SettledHour): Promise<SwitchEvent[]> {
    return this.#db.transaction(async (query) => {
      await query(PROGRESS, [settled_h]);
      for (const session of sessions) await settleSession(query, session);
      await addDriftDays(query, drift);
      const ids = sessions.map(({ id }) => id);
      if (ids.length > 0) await query(`DELETE FROM pair WHERE session_id NOT IN (${ids.map(() => '?').join()})`, ids);
      return addSwitches(query, switched);
    });
  }

  async pairs(session_id: number): Promise<PairRow[]> {
    const rows = await this.#db.query('SELECT * FROM pair WHERE session_id = ? ORDER BY issue_h', [session_id]);
    return rows.map((row) => ({
      issue_h: number(row.issue_h),
      candidate: doubles(row.candidate),
      stable: doubles(row.stable),
      digests: blob(row.digests),
    }));
  }

  // --- served and mirrored records

  /**
   * Forgets the keys and samples of issue hours before `oldest_h` and remembers the records by key. `count` is told which of them are new
   * and says what is written with them; it changes nothing, because the write can still fail.
   */
  async takeRecords<T extends RecordKey & Answer>(
    oldest_h: number,
    records: readonly T[],
    count: (fresh: T[]) => {
      samples: readonly NewSample[];
      sessions: readonly SavedSession[];
      days: readonly DayCounts[];
    },
  ): Promise<{ samples_forgotten: number }> {
    return this.#db.transaction(async (query) => {
      await query('DELETE FROM seen WHERE issue_h < ?', [oldest_h]);
      const forgotten = await query('DELETE FROM sample WHERE issue_h < ? RETURNING id', [oldest_h]);
      const fresh: T[] = [];
      for (let start = 0; start < records.length; start += ROWS_AT_ONCE)
        fresh.push(...(await rememberKeys(query, records.slice(start, start + ROWS_AT_ONCE))));
      const { samples, sessions, days } = count(fresh);
      await addDayCounts(query, days);
      for (const { session_id, issue_h, record } of samples)
        await query('INSERT INTO sample (session_id, issue_h, record) VALUES (?, ?, ?)', [session_id, issue_h, record]);
      for (const session of sessions) await saveSession(query, session);
      return { samples_forgotten: forgotten.length };
    });
  }

  // --- days, for the assessment

  /** The oldest day up to `last_day` that has counts and no facts yet. */
  async unfinishedDay(last_day: string): Promise<string | null> {
    const [row] = await this.#db.query('SELECT day FROM day_count WHERE day <= ? ORDER BY day LIMIT 1', [last_day]);
    return row === undefined ? null : text(row.day);
  }

  async dayCounts(day: string): Promise<DayCounts[]> {
    return (await this.#db.query('SELECT * FROM day_count WHERE day = ? ORDER BY release, arm', [day])).map(countsOf);
  }

  /** The releases and arms that have counts, by the days that have no facts yet. */
  async namedReleases(): Promise<Named[]> {
    const rows = await this.#db.query('SELECT day, release, arm FROM day_count');
    return rows.map((row) => ({
      day: Date.parse(text(row.day)) / DAY_MS,
      release: text(row.release),
      arm: text(row.arm),
    }));
  }

  async driftOf(day: string): Promise<DriftDay[]> {
    return (await this.#db.query('SELECT * FROM day_drift WHERE day = ?', [day])).map(driftDayOf);
  }

  /** A day's facts take the place of its counts; facts of days before `oldest_day` are forgotten. */
  async finishDay(day: string, facts: readonly DayFact[], oldest_day: string): Promise<void> {
    await this.#db.transaction(async (query) => {
      for (const fact of facts)
        await query(
          'INSERT INTO day_fact VALUES (?, ?, ?, ?, ?) ON CONFLICT (day, role, release, arm) DO UPDATE SET fact = excluded.fact',
          [day, fact.role, fact.release, fact.arm, lineOf(fact)],
        );
      await query('DELETE FROM day_count WHERE day = ?', [day]);
      await query('DELETE FROM day_drift WHERE day <= ?', [day]);
      await query('DELETE FROM day_fact WHERE day < ?', [oldest_day]);
    });
  }

  /** Facts of a range of days as lines of JSON, in order. */
  async dayFacts({ from, to }: Range): Promise<string[]> {
    const sql = 'SELECT fact FROM day_fact WHERE day >= ? AND day <= ? ORDER BY day, role, release, arm';
    return (await this.#db.query(sql, [from, to])).map((row) => text(row.fact));
  }

  /** Of served and mirrored calls alike: nothing in a copied request says that it is one. */
  async answersAfter(issue_h: number): Promise<Answer[]> {
    const rows = await this.#db.query('SELECT * FROM seen WHERE issue_h > ? ORDER BY issue_h', [issue_h]);
    return rows.map((row) => {
      const [release = '', arm = '', _purpose, ...station] = text(row.key).split('\n');
      const latency_ms = number(row.latency_ms);
      return { release, arm, station_id: station.join('\n'), issue_h: number(row.issue_h), latency_ms };
    });
  }

  /** The oldest samples. */
  async samples(limit: number): Promise<SampleRow[]> {
    const rows = await this.#db.query('SELECT * FROM sample ORDER BY id LIMIT ?', [limit]);
    return rows.map((row) => ({
      id: number(row.id),
      session_id: number(row.session_id),
      record: text(row.record),
    }));
  }

  async samplesWaiting(): Promise<number> {
    const [row] = await this.#db.query('SELECT count(*) AS n FROM sample');
    return number(row?.n);
  }

  /** Samples are done, with what they showed. Returns how many were still there. */
  samplesChecked(ids: readonly number[], sessions: readonly SavedSession[]): Promise<number> {
    return this.#db.transaction(async (query) => {
      let removed = 0;
      for (const id of ids) removed += (await query('DELETE FROM sample WHERE id = ? RETURNING id', [id])).length;
      for (const session of sessions) await saveSession(query, session);
      return removed;
    });
  }

  async #entries(sql: string, values: number[]): Promise<LoggedEntry[]> {
    const rows = await this.#db.query(sql, values);
    return rows.map((row) => ({
      seq: number(row.seq),
      available_h: number(row.available_h),
      observations: text(row.observations),
    }));
  }
}

const NEWEST = 'ORDER BY last_used DESC, id DESC';
const PROGRESS = 'INSERT INTO progress VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET settled_h = excluded.settled_h';

async function beginSession(
  query: Query,
  key: SessionKey,
  issue_h: number,
  begin: (known: SessionRow | undefined) => string,
): Promise<SessionRow> {
  const identity = [key.release, key.pod_hash, key.arm, key.stable];
  const [known] = await query(
    'SELECT * FROM session WHERE release = ? AND pod_hash = ? AND arm = ? AND stable = ?',
    identity,
  );
  const [row] = await query(
    `INSERT INTO session (release, pod_hash, arm, stable, state, station_sums, last_used) VALUES (?, ?, ?, ?, ?, NULL, ?)
     ON CONFLICT (release, pod_hash, arm, stable) DO UPDATE SET last_used = excluded.last_used, state = excluded.state
     RETURNING *`,
    [...identity, begin(known === undefined ? undefined : sessionRow(known)), issue_h],
  );
  if (row === undefined) throw new Error(`the session of ${key.release} was not stored`);
  return sessionRow(row);
}

async function saveSession(query: Query, { id, state, station_sums, station_groups }: SavedSession): Promise<void> {
  await query('UPDATE session SET state = ? WHERE id = ?', [state, id]);
  if (station_sums !== undefined)
    await query('UPDATE session SET station_sums = ? WHERE id = ?', [bytes(station_sums), id]);
  if (station_groups !== undefined)
    await query('UPDATE session SET station_groups = ? WHERE id = ?', [bytes(station_groups), id]);
}

async function settleSession(query: Query, session: SettledHour['sessions'][number]): Promise<void> {
  const { id, pair, needed_from_h } = session;
  await saveSession(query, session);
  await query('DELETE FROM pair WHERE session_id = ? AND issue_h < ?', [id, needed_from_h]);
  if (pair === null) return;
  await query(
    `INSERT INTO pair VALUES (?, ?, ?, ?, ?) ON CONFLICT (session_id, issue_h)
     DO UPDATE SET candidate = excluded.candidate, stable = excluded.stable, digests = excluded.digests`,
    [id, pair.issue_h, bytes(pair.candidate), bytes(pair.stable), pair.digests],
  );
}

/** Those of the records that were not known before; of one that is told twice the first. */
async function rememberKeys<T extends RecordKey & Answer>(query: Query, records: readonly T[]): Promise<T[]> {
  const byKey = new Map<string, T>();
  for (const record of records) {
    const key = `${record.issue_h}\n${keyText(record)}`;
    if (!byKey.has(key)) byKey.set(key, record);
  }
  if (byKey.size === 0) return [];
  const rows = await query(
    `INSERT INTO seen VALUES ${Array.from(byKey, () => '(?, ?, ?)').join()} ON CONFLICT DO NOTHING RETURNING issue_h, key`,
    [...byKey.values()].flatMap((record) => [record.issue_h, keyText(record), record.latency_ms]),
  );
  const inserted = new Set(rows.map(({ issue_h, key }) => `${issue_h}\n${key}`));
  return [...byKey].flatMap(([key, record]) => (inserted.has(key) ? [record] : []));
}

/** Unique within an issue hour. */
function keyText({ release, arm, purpose, station_id }: RecordKey): string {
  return `${release}\n${arm}\n${purpose}\n${station_id}`;
}

function sessionRow(row: Row): SessionRow {
  return {
    id: number(row.id),
    release: text(row.release),
    pod_hash: text(row.pod_hash),
    arm: text(row.arm),
    stable: text(row.stable),
    state: text(row.state),
    station_sums: doubles(row.station_sums),
    station_groups: doubles(row.station_groups),
    backtest: row.backtest === null ? null : text(row.backtest),
  };
}
