import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { ForecastRecord } from '../core/record.ts';
import { DatabaseError } from './database.ts';
import { exactJson } from './exact-json.ts';
import type { Judged } from './judged.ts';
import type { ObservationLog } from './observation-log.ts';
import { MAX_ITEMS, type Parity, type ParityResult } from './parity.ts';
import type { Repository, SampleRow } from './repository.ts';
import type { Session } from './session.ts';
import type { Turns } from './turns.ts';

/** After a recomputer or a database that did not answer. */
const PAUSE_MS = 1000;

type Parts = {
  repository: Repository;
  judged: Judged;
  log: ObservationLog;
  turns: Turns;
  parity: Parity;
  signal: AbortSignal;
  logger: { warn: (what: object, message: string) => void };
};

/**
 * Recomputes samples of served and mirrored forecasts as soon as they have come, and not when their hour settles: a pair hour comes once an
 * hour, and a wrong forecast must be seen within minutes. Which forecasts are sampled is a function of the records alone (served.ts).
 */
export class ServedParity {
  readonly #parts: Parts;
  readonly #came = new EventEmitter();
  #waiting = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    parts.turns.beforeFirst(async () => {
      this.#waiting = await parts.repository.samplesWaiting();
    });
  }

  /** Samples that are still to be recomputed. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Samples were written. */
  came(count: number): void {
    if (count === 0) return;
    this.#waiting += count;
    this.#came.emit('came');
  }

  /** Samples were forgotten: their inputs are no longer held. */
  forgot(count: number): void {
    this.#waiting -= count;
  }

  /** Runs until the signal aborts, over every failure of the database or the recomputer. */
  async run(): Promise<void> {
    const { signal, logger } = this.#parts;
    while (!signal.aborted) {
      try {
        if (this.#waiting === 0) await once(this.#came, 'came', { signal });
        else if (!(await this.#check())) await delay(PAUSE_MS, undefined, { signal });
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof DatabaseError)) throw error;
        logger.warn({ err: error }, 'the database failed; trying again');
        await delay(PAUSE_MS, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** Checks the oldest samples; false where the recomputer did not answer. */
  async #check(): Promise<boolean> {
    const { repository, judged, parity, log, turns, signal, logger } = this.#parts;
    const samples = await repository.samples(MAX_ITEMS);
    const session = judged.sessions.find(({ id }) => id === samples[0]?.session_id);
    const of_one = samples.filter(({ session_id }) => session_id === samples[0]?.session_id);
    // Nobody judges a candidate that is gone.
    if (session === undefined) {
      await turns.take(() => this.#done(of_one, []));
      return true;
    }
    const records = of_one.map(({ record }): ForecastRecord => JSON.parse(record));
    const result = await parity.check(records, log.history, session.scalesOrLive(log.history.stations));
    // A check cut short by the end of this process is made again by the next.
    if (signal.aborted) return true;
    if (result.unavailable !== null) logger.warn({ reason: result.unavailable }, 'forecasts could not be recomputed');
    const done = of_one.filter((_, i) => !result.left.has(records[i]));
    await turns.take(() => this.#write(session.id, result, done));
    return result.unavailable === null;
  }

  async #write(session_id: number, result: ParityResult, done: readonly SampleRow[]): Promise<void> {
    const drafts = this.#parts.judged.sessions.filter(({ id }) => id === session_id).map((session) => session.draft());
    for (const draft of drafts) draft.compared(result, [], null);
    await this.#done(done, drafts);
  }

  async #done(samples: readonly SampleRow[], drafts: readonly Session[]): Promise<void> {
    const { repository, judged } = this.#parts;
    const sessions = drafts.map(({ id, state }) => ({ id, state: exactJson(state) }));
    const removed = await repository.samplesChecked(
      samples.map(({ id }) => id),
      sessions,
    );
    judged.replace(drafts);
    this.#waiting -= removed;
  }
}
