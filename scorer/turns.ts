import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from './database.ts';
import { Problem } from './problem.ts';
import { untilAborted } from './until-aborted.ts';

/** Callers from outside that may wait for their turn at once; a batch of records is 2 MB at most. */
const MAX_WAITING = 64;

/** How often is looked whether memory has to be read again; a database that is away is asked no oftener. */
const LOOK_MS = 1000;

type Logger = { warn: (what: object, message: string) => void };

/**
 * Whatever changes what the scorer remembers happens one after another: computed on copies, written, and only then put into memory. Nobody
 * can know what is left of a write that failed, nor who writes once the lease is over, so memory is then read from the database again, under
 * a new lease, before anything else is done.
 */
export class Turns {
  readonly #lease: Pick<Database, 'leased' | 'acquire'>;
  readonly #loads: (() => Promise<void>)[] = [];
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #stale = true;

  constructor(lease: Pick<Database, 'leased' | 'acquire'>) {
    this.#lease = lease;
  }

  /** Whether memory is known to be what the database holds. */
  get fresh(): boolean {
    return !this.#stale && this.#lease.leased;
  }

  /** `load` makes one part's memory what the database holds; parts load in the order in which they were added. */
  beforeFirst(load: () => Promise<void>): void {
    this.#loads.push(load);
  }

  /** As `take`, for a caller that is better refused than kept waiting. */
  offer<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MAX_WAITING)
      throw new Problem(503, 'busy', `${MAX_WAITING} requests wait to be written already; send this one again later`);
    return this.take(work);
  }

  take<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting++;
    const result = this.#last.then(() => this.#run(work)).finally(() => this.#waiting--);
    this.#last = result.catch(() => {});
    return result;
  }

  /** Memory as the database holds it, with nothing else to do. */
  load(): Promise<void> {
    return this.take(async () => {});
  }

  /** Reads memory again when it must be, though nobody asks for a turn: whoever is not ready is not asked. Ends when the signal aborts. */
  run(signal: AbortSignal, logger: Logger): Promise<void> {
    return untilAborted({ signal, logger }, async () => {
      if (!this.fresh) await this.load();
      await delay(LOOK_MS, undefined, { signal });
    });
  }

  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (!this.fresh) await this.#load();
    try {
      return await work();
    } catch (error) {
      // What was refused was not begun.
      this.#stale = !(error instanceof Problem);
      throw error;
    }
  }

  async #load(): Promise<void> {
    this.#stale = true;
    await this.#lease.acquire();
    for (const load of this.#loads) await load();
    this.#stale = false;
  }
}
