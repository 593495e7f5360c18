import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type Database, DatabaseError, number, type Query, type Row, type Value } from './database.ts';

/** Any number of ours: the session that holds this lock of a database is the only one that writes it. */
const LOCK = 0x6772_7264;
const TABLES = `
  CREATE TABLE IF NOT EXISTS schema_version (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS lease (one INTEGER PRIMARY KEY CHECK (one = 1), holder TEXT NOT NULL)`;
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
    await db.acquire();
  } catch (cause) {
    await db.close();
    throw new Error(`cannot open ${db.place}: is its address right, and does another scorer use it?`, { cause });
  }
  return db;
}

/** Numbers of 64 bits, which the driver would give as texts. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, (text) => {
  if (!Number.isSafeInteger(Number(text))) throw new RangeError(`the database holds ${text}: no double counts so far`);
  return Number(text);
});

/**
 * One connection writes, and its session holds the lock: whatever it commits was written under the lease, and when it breaks the lease is
 * over. No pooler that lends sessions out by the transaction may stand between. A few others read, so that nobody sees what is not committed.
 */
class Postgres implements Database {
  readonly dialect = 'postgresql';
  readonly place: string;
  readonly #options: pg.ClientConfig;
  readonly #readers: pg.Pool;
  readonly #numbered = new Map<string, string>();
  readonly #name = randomUUID();
  #signed = false;
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
      types,
      application_name: 'gridramp-scorer',
    };
    this.#readers = new pg.Pool({ ...this.#options, max: READERS });
    // A connection that breaks while nobody uses it is replaced by the next who asks; whoever uses it is told.
    this.#readers.on('error', () => {});
  }

  get leased(): boolean {
    return this.#writer !== null;
  }

  acquire(): Promise<void> {
    return this.#inTurn(async () => {
      this.#writer ??= await this.#connectWriter();
    });
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
    return this.#inTurn(() => this.#transact(work));
  }

  async close(): Promise<void> {
    await this.#turn;
    await this.#writer?.end();
    await this.#readers.end();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  /** Commits are on the server's disk when they return, whatever they are to survive. */
  async #transact<T>(work: (query: Query) => Promise<T>): Promise<T> {
    const writer = this.#writer;
    if (writer === null) throw new DatabaseError(`${this.place} cannot be written`, 'the connection to it was lost');
    const query: Query = (sql, values = []) => this.#ask(writer, sql, values);
    try {
      await query('BEGIN');
      const result = await work(query);
      await query('COMMIT');
      return result;
    } catch (error) {
      await this.#rollBack(writer);
      throw error;
    }
  }

  /** A connection that cannot even do that is given up: the server rolls back what it left open. */
  async #rollBack(writer: pg.Client): Promise<void> {
    try {
      await writer.query('ROLLBACK');
    } catch {
      this.#lose(writer);
      await writer.end();
    }
  }

  #lose(writer: pg.Client): void {
    if (this.#writer === writer) this.#writer = null;
  }

  /** Under the lock, or not at all. */
  async #connectWriter(): Promise<pg.Client> {
    const writer = new pg.Client(this.#options);
    // Whoever uses it is told by what fails; an idle one that breaks ends the lease.
    writer.on('error', () => this.#lose(writer));
    writer.on('end', () => this.#lose(writer));
    try {
      await writer.connect();
      await writer.query(`SET lock_timeout = ${LOCK_WAIT_MS}`);
      await writer.query('SELECT pg_advisory_lock($1)', [LOCK]);
      await writer.query(TABLES);
      await this.#signLease(writer);
      return writer;
    } catch (cause) {
      await writer.end();
      if (cause instanceof Superseded) throw cause;
      throw new DatabaseError(`${this.place} cannot be written, or another scorer may be using it`, cause);
    }
  }

  /** Leaves this scorer's name for the next; throws where another left its own since this one did. */
  async #signLease(writer: pg.Client): Promise<void> {
    if (this.#signed) {
      const { rows } = await writer.query<Row>('SELECT holder FROM lease');
      if (rows[0]?.holder !== this.#name) throw new Superseded(this.place);
    }
    const sql = 'INSERT INTO lease VALUES (1, $1) ON CONFLICT (one) DO UPDATE SET holder = excluded.holder';
    await writer.query(sql, [this.#name]);
    this.#signed = true;
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

/** What this process knows, or was about to write, may rest on what is no longer so: it ends, and the next begins with what is there. */
class Superseded extends Error {
  constructor(place: string) {
    super(`another scorer has written ${place} since the connection to it was lost: this one must start again`);
    this.name = 'Superseded';
  }
}
