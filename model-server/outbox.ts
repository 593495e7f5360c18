import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Dispatcher, request } from 'undici';
import { MAX_BATCH } from '../core/record.ts';

const CAPACITY = 10_000;
/** Records wait this long for company. */
const GATHER_MS = 20;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;
const TIMEOUT_MS = 5_000;

export type OutboxOptions = {
  scorer_url: string;
  dispatcher: Dispatcher;
  log: Logger;
  onDropped: (count: number) => void;
};

/**
 * Records of served forecasts on their way to the scorer. Callers never wait for it: while the scorer is away they are kept, the oldest
 * give way to new ones when there are too many, and every loss is counted.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #queue: string[] = [];
  readonly #closing = new AbortController();
  #sending: Promise<void> | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Each as JSON. */
  push(records: readonly string[]): void {
    this.#queue.push(...records);
    this.#drop(this.#queue.length - CAPACITY, 'the scorer is away for too long');
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Sends what is left, for at most `wait_ms`. */
  async close(wait_ms: number): Promise<void> {
    const timer = setTimeout(() => this.#closing.abort(), wait_ms);
    await this.#sending;
    clearTimeout(timer);
    this.#drop(this.#queue.length, 'the server stopped before the scorer took them');
  }

  async #send(): Promise<void> {
    const { signal } = this.#closing;
    let pause_ms = FIRST_PAUSE_MS;
    await delay(GATHER_MS);
    while (this.#queue.length > 0 && !signal.aborted) {
      const batch = this.#queue.splice(0, MAX_BATCH);
      if (await this.#post(batch)) {
        pause_ms = FIRST_PAUSE_MS;
        continue;
      }
      this.#queue.unshift(...batch);
      this.#drop(this.#queue.length - CAPACITY, 'the scorer is away for too long');
      await delay(pause_ms, undefined, { signal }).catch(() => {});
      pause_ms = Math.min(pause_ms * 2, LONGEST_PAUSE_MS);
    }
  }

  /** True when nothing more is to be done with the batch; false when it is to be sent again. */
  async #post(records: string[]): Promise<boolean> {
    const { scorer_url, dispatcher, log } = this.#options;
    try {
      const { statusCode, body } = await request(new URL('/v1/forecasts', scorer_url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: `{"records":[${records.join(',')}]}`,
        dispatcher,
        signal: this.#closing.signal,
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
      });
      const answer = (await body.text()).slice(0, 300);
      if (statusCode < 300) return true;
      log.warn({ statusCode, answer, records: records.length }, 'the scorer did not take records');
      // What it refuses it would refuse again.
      if (statusCode < 500 && statusCode !== 429) this.#options.onDropped(records.length);
      return statusCode < 500 && statusCode !== 429;
    } catch (error) {
      log.warn({ err: error, records: records.length }, 'records cannot be sent to the scorer; trying again');
      return false;
    }
  }

  #drop(count: number, reason: string): void {
    if (count <= 0) return;
    this.#queue.splice(0, count);
    this.#options.onDropped(count);
    this.#options.log.error({ count, reason }, 'records were dropped');
  }
}
