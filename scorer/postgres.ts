import pg from 'pg';
import { type Database, DatabaseError, number, type Query, type Row, type Value } from './database.ts';

/** Any number of ours: whoever holds this lock of a database is its only scorer. */
const LOCK = 0x6772_7264;
/** A scorer that was killed holds the lock until the server has noticed. */
const LOCK_WAIT_MS = 5_000;
const CONNECT_MS = 5_000;
/** No statement of ours takes so long; one that does has met a database that hangs. */
const STATEMENT_MS = 30_000;
const READERS = 2;

/** A database of a PostgreSQL server that this process alone writes, until it ends. */
export async function openPostgres(url: string): Promise<Database> {
  const db = new Postgres(url);
  try {
    await db.transaction(async (query) => {
      await query(
        'CREATE TABLE IF NOT EXISTS schema_version (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL)',
      );
    });
  } catch (cause) {
    await db.close();
    throw new Error(`cannot open ${db.place}: is its address right, and does another scorer use it?`, { cause });
  }
  return db;
}

/** One connection writes and holds the lock; a few others read, so that nobody sees what is not committed. */
class Postgres implements Database {
  readonly dialect = 'postgresql';
  readonly place: string;
  readonly #options: pg.ClientConfig;
  readonly #readers: pg.Pool;
  readonly #numbered = new Map<string, string>();
  #writer: pg.Client | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(url: string) {
    const { hostname, pathname } = new URL(url);
    this.place = `the PostgreSQL database ${hostname}${pathname}`;
    this.#options = {
      connectionString: url,
      connectionTimeoutMillis: CONNECT_MS,
      statement_timeout: STATEMENT_MS,
      query_timeout: STATEMENT_MS + CONNECT_MS,
      keepAlive: true,
      application_name: 'gridramp-scorer',
    };
    this.#readers = new pg.Pool({ ...this.#options, max: READERS });
    // A connection that breaks while nobody uses it is replaced by the next who asks; whoever uses it is told.
    this.#readers.on('error', () => {});
  }

  async version(): Promise<number> {
    const [row] = await this.query('SELECT version FROM schema_version');
    return row === undefined ? 0 : number(row.version);
  }

  async setVersion(query: Query, version: number): Promise<void> {
    const sql = 'INSERT INTO schema_version VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET version = excluded.version';
    await query(sql, [version]);
  }

  query(sql: string, values: readonly Value[] = []): Promise<Row[]> {
    return this.#ask(this.#readers, sql, values);
  }

  transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const result = this.#turn.then(() => this.#transact(work));
    this.#turn = result.catch(() => {});
    return result;
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#dropWriter();
    await this.#readers.end();
  }

  /** Commits are on the server's disk when they return, whatever they are to survive. */
  async #transact<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const writer = this.#writer ?? (await this.#connectWriter());
    const query: Query = (sql, values = []) => this.#ask(writer, sql, values);
    try {
      await query('BEGIN');
      const result = await work(query);
      await query('COMMIT');
      return result;
    } catch (error) {
      // The server rolls back what a connection leaves open.
      await this.#dropWriter();
      throw error;
    }
  }

  async #connectWriter(): Promise<pg.Client> {
    const writer = new pg.Client(this.#options);
    writer.on('error', () => {
      if (this.#writer === writer) this.#writer = null;
    });
    try {
      await writer.connect();
      await writer.query(`SET lock_timeout = ${LOCK_WAIT_MS}`);
      await writer.query('SELECT pg_advisory_lock($1)', [LOCK]);
    } catch (cause) {
      await writer.end();
      throw new DatabaseError(`${this.place} cannot be written, or another scorer may be using it`, cause);
    }
    this.#writer = writer;
    return writer;
  }

  async #dropWriter(): Promise<void> {
    const writer = this.#writer;
    this.#writer = null;
    await writer?.end();
  }

  async #ask(of: pg.Client | pg.Pool, sql: string, values: readonly Value[]): Promise<Row[]> {
    try {
      const { rows } = await of.query<Row>(this.#numberedSql(sql), [...values]);
      return rows;
    } catch (cause) {
      throw new DatabaseError('PostgreSQL failed', cause);
    }
  }

  /** `$1, $2, …` for each `?`, which no text of ours holds otherwise. */
  #numberedSql(sql: string): string {
    const known = this.#numbered.get(sql);
    if (known !== undefined) return known;
    let n = 0;
    const numbered = sql.replaceAll('?', () => `$${++n}`);
    this.#numbered.set(sql, numbered);
    return numbered;
  }
}
