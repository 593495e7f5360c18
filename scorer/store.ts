import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

/** A reading as logged; hours since the epoch. */
export type LoggedEntry = { seq: number; available_h: number; observations: string };

export type SessionKey = { release: string; pod_hash: string; arm: string; stable: string };
export type SessionRow = SessionKey & {
  id: number;
  state: string;
  station_sums: Float64Array;
  backtest: string | null;
};
export type PairRow = { issue_h: number; candidate: Float64Array; stable: Float64Array; digests: Uint8Array };
export type RecordKey = {
  release: string;
  arm: string;
  station_id: string;
  issue_h: number;
  purpose: string;
};
export type SampleRow = { id: number; session_id: number; record: string };

/**
 * All that must survive, and all SQL. One file, one writer; every method is one transaction, and no kill loses one that returned.
 * The log survives a power cut too: it is the only thing that cannot be asked for again.
 */
export class Store {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'scorer.db');
    this.#db = new DatabaseSync(file);
    try {
      this.#db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;');
      this.#migrate(file);
    } catch (cause) {
      this.#db.close();
      throw new Error(`cannot open ${file}: another scorer may be using it`, { cause });
    }
  }

  close(): void {
    this.#db.close();
  }

  // --- the log

  appendEntries(entries: readonly LoggedEntry[], stations: readonly { index: number; station_id: string }[]): void {
    this.#transaction(() => {
      for (const { index, station_id } of stations) this.#run('INSERT INTO station VALUES (?, ?)', index, station_id);
      for (const { seq, available_h, observations } of entries)
        this.#run('INSERT INTO log VALUES (?, ?, ?)', seq, available_h, observations);
    }, 'FULL');
  }

  stations(): string[] {
    return this.#all('SELECT station_id FROM station ORDER BY id').map((row) => text(row.station_id));
  }

  lastEntry(): LoggedEntry | undefined {
    return this.#entries('SELECT * FROM log ORDER BY seq DESC LIMIT 1')[0];
  }

  entryAt(available_h: number): LoggedEntry | undefined {
    return this.#entries('SELECT * FROM log WHERE available_h = ?', available_h)[0];
  }

  entriesAfter(seq: number, limit: number): LoggedEntry[] {
    return this.#entries('SELECT * FROM log WHERE seq > ? ORDER BY seq LIMIT ?', seq, limit);
  }

  /** Entries that became known at `available_h` or later, one by one: a log is longer than memory should hold. */
  *entriesSince(available_h: number): Generator<LoggedEntry> {
    let seq =
      number(this.#all('SELECT coalesce(min(seq), 1) AS seq FROM log WHERE available_h >= ?', available_h)[0]?.seq) - 1;
    for (let batch = this.entriesAfter(seq, 64); batch.length > 0; batch = this.entriesAfter(seq, 64))
      for (const entry of batch) {
        yield entry;
        seq = entry.seq;
      }
  }

  // --- what is judged

  /** The last issue hour that needs no more asking; null before the first. */
  settledHour(): number | null {
    const row = this.#all('SELECT settled_h FROM progress')[0];
    return row === undefined ? null : number(row.settled_h);
  }

  /** Newest last, at most `limit`. */
  sessions(limit: number): SessionRow[] {
    const rows = this.#all('SELECT * FROM session ORDER BY last_used DESC, id DESC LIMIT ?', limit);
    return rows.reverse().map(sessionRow);
  }

  findSession(key: SessionKey): SessionRow | undefined {
    const rows = this.#all(
      'SELECT * FROM session WHERE release = ? AND pod_hash = ? AND arm = ? AND stable = ?',
      ...[key.release, key.pod_hash, key.arm, key.stable],
    );
    return rows.map(sessionRow)[0];
  }

  /** Writes a session that begins, or begins again, at an issue hour: those before are settled. */
  beginSession(key: SessionKey, state: string, issue_h: number): void {
    this.#transaction(() => {
      this.#run(
        `INSERT INTO session (release, pod_hash, arm, stable, state, station_sums, last_used) VALUES (?, ?, ?, ?, ?, NULL, ?)
         ON CONFLICT DO UPDATE SET last_used = excluded.last_used, state = excluded.state`,
        ...[key.release, key.pod_hash, key.arm, key.stable, state, issue_h],
      );
      this.#run(PROGRESS, issue_h - 1);
    });
  }

  /** The backtest, with the sums as they begin on it. */
  saveBacktest(session_id: number, backtest: string, kept: { state: string; station_sums: Float64Array }): void {
    const sql = 'UPDATE session SET backtest = ?, state = ?, station_sums = ? WHERE id = ?';
    this.#transaction(() => this.#run(sql, backtest, kept.state, bytes(kept.station_sums), session_id));
  }

  /** One issue hour is done: its pair, what it closed and the progress, all or nothing. */
  settle(done: {
    settled_h: number;
    session?: { id: number; state: string; station_sums: Float64Array; pair?: PairRow; needed_from_h: number };
    checked_samples: readonly number[];
  }): void {
    this.#transaction(() => {
      this.#run(PROGRESS, done.settled_h);
      for (const id of done.checked_samples) this.#run('DELETE FROM sample WHERE id = ?', id);
      if (done.session === undefined) return;
      const { id, state, station_sums, pair, needed_from_h } = done.session;
      this.#run('UPDATE session SET state = ?, station_sums = ? WHERE id = ?', state, bytes(station_sums), id);
      this.#run('DELETE FROM pair WHERE session_id <> ? OR issue_h < ?', id, needed_from_h);
      if (pair === undefined) return;
      const { issue_h, candidate, stable, digests } = pair;
      this.#run(
        'INSERT OR REPLACE INTO pair VALUES (?, ?, ?, ?, ?)',
        id,
        issue_h,
        bytes(candidate),
        bytes(stable),
        digests,
      );
    });
  }

  pairs(session_id: number): PairRow[] {
    return this.#all('SELECT * FROM pair WHERE session_id = ? ORDER BY issue_h', session_id).map((row) => ({
      issue_h: number(row.issue_h),
      candidate: doubles(row.candidate),
      stable: doubles(row.stable),
      digests: blob(row.digests),
    }));
  }

  // --- served and mirrored records

  /**
   * Forgets the keys and samples of issue hours before `oldest_h`. Remembers records by key and calls `fresh` for each that is new; what `fresh` returns of them is kept as a sample to check, and
   * `state` (asked afterwards) is saved with them.
   */
  takeRecords<T extends RecordKey>(
    oldest_h: number,
    records: readonly T[],
    fresh: (record: T) => Omit<SampleRow, 'id'> | null,
    state: () => { session_id: number; state: string } | null,
  ): void {
    this.#transaction(() => {
      this.#run('DELETE FROM seen WHERE issue_h < ?', oldest_h);
      this.#run('DELETE FROM sample WHERE issue_h < ?', oldest_h);
      for (const record of records) {
        const { release, arm, station_id, issue_h, purpose } = record;
        const { changes } = this.#run(
          'INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?, ?)',
          issue_h,
          release,
          arm,
          station_id,
          purpose,
        );
        const sample = Number(changes) === 0 ? null : fresh(record);
        if (sample === null) continue;
        this.#run(
          'INSERT INTO sample (session_id, issue_h, record) VALUES (?, ?, ?)',
          sample.session_id,
          issue_h,
          sample.record,
        );
      }
      const saved = state();
      if (saved !== null) this.#run('UPDATE session SET state = ? WHERE id = ?', saved.state, saved.session_id);
    });
  }

  samples(session_id: number, up_to_h: number, limit: number): SampleRow[] {
    const rows = this.#all(
      'SELECT * FROM sample WHERE session_id = ? AND issue_h <= ? ORDER BY id LIMIT ?',
      ...[session_id, up_to_h, limit],
    );
    return rows.map((row) => ({ id: number(row.id), session_id, record: text(row.record) }));
  }

  samplesByHour(): Map<number, number> {
    const rows = this.#all('SELECT issue_h, count(*) AS n FROM sample GROUP BY issue_h');
    return new Map(rows.map((row) => [number(row.issue_h), number(row.n)]));
  }

  // --- the database itself

  #migrate(file: string): void {
    const version = number(this.#all('PRAGMA user_version')[0]?.user_version);
    if (version > 1) throw new Error(`${file} has schema ${version}; this scorer knows schema 1: run a newer one`);
    if (version === 0) this.#transaction(() => this.#db.exec(`${SCHEMA}; PRAGMA user_version = 1`));
  }

  /** FULL waits for the disk, with everything before it; NORMAL leaves that to the next checkpoint or FULL. */
  #transaction<T>(work: () => T, synchronous: 'FULL' | 'NORMAL' = 'NORMAL'): T {
    this.#db.exec(`PRAGMA synchronous = ${synchronous}; BEGIN IMMEDIATE`);
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (cause) {
      // SQLite has rolled back by itself where the disk is full; a second time would hide why.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw cause;
    }
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }

  #run(sql: string, ...values: (string | number | Uint8Array | null)[]) {
    return this.#prepared(sql).run(...values);
  }

  #all(sql: string, ...values: (string | number)[]) {
    return this.#prepared(sql).all(...values);
  }

  #entries(sql: string, ...values: number[]): LoggedEntry[] {
    return this.#all(sql, ...values).map((row) => ({
      seq: number(row.seq),
      available_h: number(row.available_h),
      observations: text(row.observations),
    }));
  }
}

const PROGRESS = 'INSERT INTO progress VALUES (1, ?) ON CONFLICT DO UPDATE SET settled_h = excluded.settled_h';

const SCHEMA = `
CREATE TABLE station (id INTEGER PRIMARY KEY, station_id TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE log (seq INTEGER PRIMARY KEY, available_h INTEGER NOT NULL UNIQUE, observations TEXT NOT NULL) STRICT;
CREATE TABLE progress (one INTEGER PRIMARY KEY CHECK (one = 1), settled_h INTEGER NOT NULL) STRICT;
CREATE TABLE session (
  id INTEGER PRIMARY KEY, release TEXT NOT NULL, pod_hash TEXT NOT NULL, arm TEXT NOT NULL, stable TEXT NOT NULL,
  state TEXT NOT NULL, station_sums BLOB, backtest TEXT, last_used INTEGER NOT NULL,
  UNIQUE (release, pod_hash, arm, stable)
) STRICT;
CREATE TABLE pair (
  session_id INTEGER NOT NULL, issue_h INTEGER NOT NULL, candidate BLOB NOT NULL, stable BLOB NOT NULL, digests BLOB NOT NULL,
  PRIMARY KEY (session_id, issue_h)
) STRICT;
CREATE TABLE seen (
  issue_h INTEGER NOT NULL, release TEXT NOT NULL, arm TEXT NOT NULL, station_id TEXT NOT NULL, purpose TEXT NOT NULL,
  PRIMARY KEY (issue_h, release, arm, station_id, purpose)
) STRICT, WITHOUT ROWID;
CREATE TABLE sample (id INTEGER PRIMARY KEY, session_id INTEGER NOT NULL, issue_h INTEGER NOT NULL, record TEXT NOT NULL) STRICT`;

function sessionRow(row: Record<string, unknown>): SessionRow {
  return {
    id: number(row.id),
    release: text(row.release),
    pod_hash: text(row.pod_hash),
    arm: text(row.arm),
    stable: text(row.stable),
    state: text(row.state),
    station_sums: doubles(row.station_sums),
    backtest: row.backtest === null ? null : text(row.backtest),
  };
}

function number(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`the database holds ${typeof value} where a number belongs`);
  return value;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`the database holds ${typeof value} where a text belongs`);
  return value;
}

function blob(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError(`the database holds ${typeof value} where bytes belong`);
  return value;
}

/** An empty array has no bytes to point at, which SQLite takes for NULL: it is written as such. */
function bytes(values: Float64Array): Uint8Array | null {
  if (values.length === 0) return null;
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Copied, for alignment. */
function doubles(value: unknown): Float64Array {
  if (value === null) return new Float64Array(0);
  return new Float64Array(blob(value).slice().buffer);
}
