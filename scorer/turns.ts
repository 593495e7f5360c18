import { Problem } from './problem.ts';

/** Callers from outside that may wait for their turn at once; a batch of records is 2 MB at most. */
const MAX_WAITING = 64;

/**
 * Whatever changes what the scorer remembers happens one after another: computed on copies, written, and only then put into memory. Nobody
 * can know what is left of a write that failed, so memory is read from the database again before anything else is done.
 */
export class Turns {
  readonly #loads: (() => Promise<void>)[] = [];
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #stale = true;

  /** Whether memory is known to be what the database holds. */
  get fresh(): boolean {
    return !this.#stale;
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

  async #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#stale) for (const load of this.#loads) await load();
    this.#stale = false;
    try {
      return await work();
    } catch (error) {
      // What was refused was not begun.
      this.#stale = !(error instanceof Problem);
      throw error;
    }
  }
}
