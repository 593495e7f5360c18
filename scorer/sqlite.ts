import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type Database, DatabaseError, number, type Query, type Row, type Value } from './database.ts';

/** One file that this process alone may open, until it ends. */
export function openSqlite(folder: string): Database {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'scorer.db');
  const db = new DatabaseSync(file);
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;');
    migrate(db, file);
  } catch (cause) {
    db.close();
    throw new Error(`cannot open ${file}: another scorer may be using it`, { cause });
  }
  return new Sqlite(db);
}

/** node:sqlite answers at once; transactions whose work awaits something else in between take turns all the same. */
class Sqlite implements Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  async query(sql: string, values: readonly Value[] = []): Promise<Row[]> {
    await this.#turn;
    return this.#run(sql, values);
  }

  transaction<T>(work: (query: Query) => Promise<T>, survives: 'kill' | 'power cut' = 'kill'): Promise<T> {
    const before = this.#turn;
    const result = before.then(() => this.#transact(work, survives));
    this.#turn = result.catch(() => {});
    return result;
  }

  async close(): Promise<void> {
    await this.#turn;
    this.#db.close();
  }

  /** FULL waits for the disk, with everything before it; NORMAL leaves that to the next checkpoint or FULL. */
  async #transact<T>(work: (query: Query) => Promise<T>, survives: 'kill' | 'power cut'): Promise<T> {
    this.#exec(`PRAGMA synchronous = ${survives === 'kill' ? 'NORMAL' : 'FULL'}; BEGIN IMMEDIATE`);
    try {
      const result = await work(async (sql, values = []) => this.#run(sql, values));
      this.#exec('COMMIT');
      return result;
    } catch (cause) {
      // SQLite has rolled back by itself where the disk is full; a second time would hide why.
      if (this.#db.isTransaction) this.#exec('ROLLBACK');
      throw cause;
    }
  }

  #exec(sql: string): void {
    try {
      this.#db.exec(sql);
    } catch (cause) {
      throw new DatabaseError('SQLite failed', cause);
    }
  }

  #run(sql: string, values: readonly Value[]): Row[] {
    try {
      return this.#prepared(sql).all(...values);
    } catch (cause) {
      throw new DatabaseError('SQLite failed', cause);
    }
  }

  #prepared(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#db.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }
}

function migrate(db: DatabaseSync, file: string): void {
  const version = number(db.prepare('PRAGMA user_version').get()?.user_version);
  if (version > 1) throw new Error(`${file} has schema ${version}; this scorer knows schema 1: run a newer one`);
  if (version === 0) db.exec(`BEGIN IMMEDIATE; ${SCHEMA}; PRAGMA user_version = 1; COMMIT`);
}

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
