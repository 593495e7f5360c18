import { Unavailable } from './until-aborted.ts';

export type Dialect = 'sqlite' | 'postgresql';
export type Value = string | number | Uint8Array | null;
export type Row = Record<string, unknown>;

/** Rows inserted with one statement: more would save nothing. */
export const ROWS_AT_ONCE = 64;

/** Runs one statement, a `?` for each value, and gives its rows. */
export type Query = (sql: string, values?: readonly Value[]) => Promise<Row[]>;

/**
 * What a repository needs of a database. One process writes; what `transaction` did is not seen by `query` before it is committed, and what
 * was committed survives the end of this process. `power cut`: the loss of the machine too.
 */
export type Database = {
  readonly dialect: Dialect;
  /** Names it in messages; never with its password. */
  readonly place: string;
  /** Whether this process is the one that writes: where not, every transaction fails until `acquire`. */
  readonly leased: boolean;
  /** Becomes it, or stays it. Whoever was not has to read memory again; throws for good where another has written in between. */
  acquire(): Promise<void>;
  /** The schema's number; 0 where there is none yet. */
  version(): Promise<number>;
  /** In a transaction, with what makes it so. */
  setVersion(query: Query, version: number): Promise<void>;
  query: Query;
  /** All of `work` or nothing. */
  transaction<T>(work: (query: Query) => Promise<T>, survives?: 'kill' | 'power cut'): Promise<T>;
  close(): Promise<void>;
};

/** The database failed: what was being written may be there or not, so memory has to be read from it again. */
export class DatabaseError extends Unavailable {
  constructor(what: string, cause: unknown) {
    super(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause, pause_ms: PAUSE_MS });
    this.name = 'DatabaseError';
  }
}

const PAUSE_MS = 1000;

export function number(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`the database holds ${typeof value} where a number belongs`);
  return value;
}

export function text(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`the database holds ${typeof value} where a text belongs`);
  return value;
}

/** Copied: drivers hand out views of memory that they use again. */
export function blob(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError(`the database holds ${typeof value} where bytes belong`);
  return new Uint8Array(value);
}

/** An empty array has no bytes to point at, which SQLite takes for NULL: it is written as such. */
export function bytes(values: Float64Array): Uint8Array | null {
  if (values.length === 0) return null;
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

export function doubles(value: unknown): Float64Array {
  return value === null ? new Float64Array(0) : new Float64Array(blob(value).buffer);
}
