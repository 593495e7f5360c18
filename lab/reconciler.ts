import { setTimeout as delay } from 'node:timers/promises';

const GATHER_MS = 5;

/** Runs `work` after changes, one run at a time; changes that come while it runs lead to one more run. */
export class Reconciler {
  readonly #work: () => Promise<void>;
  readonly #retry_ms: number;
  #isDue = false;
  #isRunning = false;

  /** When `work` throws it has said so itself, and is done again after `retry_ms`. */
  constructor(work: () => Promise<void>, retry_ms: number) {
    this.#work = work;
    this.#retry_ms = retry_ms;
  }

  readonly trigger = (): void => {
    this.#isDue = true;
    if (!this.#isRunning) void this.#run();
  };

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#isDue) {
      // Objects that are written together arrive within moments of each other.
      await delay(GATHER_MS);
      this.#isDue = false;
      try {
        await this.#work();
      } catch {
        setTimeout(this.trigger, this.#retry_ms).unref();
      }
    }
    this.#isRunning = false;
  }
}
