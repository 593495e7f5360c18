import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type Database, DatabaseError, number, type Query, type Row, type Value } from './database.ts';

/** Of a new file: an hour of 10,000 stations is 5 MB, which in SQLite's usual 4 kB takes twice the time, and of 100 it makes no difference. */
const PAGE_BYTES = 16_384;

/** One file that this process alone may open, until it ends. */
export function openSqlite(folder: string): Database {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'scorer.db');
  const db = new DatabaseSync(file);
  try {
    db.exec(`PRAGMA page_size = ${PAGE_BYTES}; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;`);
    db.exec('BEGIN IMMEDIATE; COMMIT');
  } catch (cause) {
    db.close();
    throw new Error(`cannot open ${file}: another scorer may be using it`, { cause });
  }
  return new Sqlite(db, file);
}

/** node:sqlite answers at once; transactions whose work awaits something else in between take turns all the same. */
class Sqlite implements Database {
  readonly dialect = 'sqlite';
  /** The file is locked from its opening to its end. */
  readonly leased = true;
  readonly place: string;
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(db: DatabaseSync, place: string) {
    this.#db = db;
    this.place = place;
  }

  async acquire(): Promise<void> {}

  async version(): Promise<number> {
    const [row] = await this.query('PRAGMA user_version');
    return number(row?.user_version);
  }

  async setVersion(query: Query, version: number): Promise<void> {
    await query(`PRAGMA user_version = ${version}`);
    // What was prepared for another schema may not be what it seems.
    this.#statements.clear();
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
