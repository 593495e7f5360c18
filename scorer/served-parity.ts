import { EventEmitter, once } from 'node:events';
import type { ForecastRecord } from '../core/record.ts';
import { exactJson } from './exact-json.ts';
import type { Judged } from './judged.ts';
import type { ObservationLog } from './observation-log.ts';
import { MAX_ITEMS, type Parity, type ParityResult } from './parity.ts';
import type { Repository, SampleRow } from './repository.ts';
import type { Session } from './session.ts';
import type { Turns } from './turns.ts';
import { Unavailable, untilAborted } from './until-aborted.ts';

/** After a recomputer that did not answer. */
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
  run(): Promise<void> {
    const { signal } = this.#parts;
    return untilAborted(this.#parts, async () => {
      if (this.#waiting === 0) await once(this.#came, 'came', { signal });
      else await this.#check();
    });
  }

  /** Checks the oldest samples; those that the recomputer does not answer stay. */
  async #check(): Promise<void> {
    const { repository, judged, parity, log, turns, signal } = this.#parts;
    const samples = await repository.samples(MAX_ITEMS);
    const session = judged.sessions.find(({ id }) => id === samples[0]?.session_id);
    const of_one = samples.filter(({ session_id }) => session_id === samples[0]?.session_id);
    // Nobody judges a candidate that is gone.
    if (session === undefined) return turns.take(() => this.#done(of_one, []));
    const records = of_one.map(({ record }): ForecastRecord => JSON.parse(record));
    const result = await parity.check(records, log.history, session.scalesOrLive(log.history.stations));
    // A check cut short by the end of this process is made again by the next.
    if (signal.aborted) return;
    const done = of_one.filter((_, i) => !result.left.has(records[i]));
    await turns.take(() => this.#write(session.id, result, done));
    if (result.unavailable !== null)
      throw new Unavailable('forecasts could not be recomputed', { cause: result.unavailable, pause_ms: PAUSE_MS });
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
