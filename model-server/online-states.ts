import { HISTORY_HOURS } from '../core/telemetry.ts';
import { type HeldTable, heldTable, statesOf } from './held-table.ts';
import type { History } from './history.ts';
import { boundaryAt, type Learning, learnedBy } from './predictor.ts';
import type { LearnedTable } from './state-file.ts';
import type { StateStore } from './state-store.ts';
import { teach } from './teach.ts';

const DAY_H = 24;

/** Boundaries held in memory: those of all issue hours that a server answers for. */
const HELD_BOUNDARIES = 5;

/** What goes wrong while learning leaves the state of the day before in use: forecasts go on. */
export type LearningFault = 'read' | 'learn' | 'publish';

export type OnlineOptions = {
  learning: Learning;
  history: History;
  /** Undefined: nothing outlives the process, and no other process knows. */
  store: StateStore | undefined;
  /** Awaited before the next entry of the log. */
  onLearned: (table: LearnedTable) => void | Promise<void>;
  onFault: (fault: LearningFault, error: unknown) => void;
};

/**
 * The learned states of one arm while it serves: at every day boundary that the log reaches, what others have learned there is taken over, or
 * else the day is learned.
 */
export class OnlineStates {
  readonly #options: OnlineOptions;
  /** Oldest first. */
  #tables: HeldTable[] = [];
  /** The first boundary whose day can be learned: the histories before it are not whole. */
  #origin_h: number | undefined;
  /** The last boundary that was dealt with. */
  #reached_h: number | undefined;
  #advancing: Promise<void> = Promise.resolve();

  constructor(options: OnlineOptions) {
    this.#options = options;
  }

  /** To be called after every entry of the log, and awaited before the next one: days are learned in order, while their histories are held. */
  advance(): Promise<void> {
    this.#advancing = this.#advancing.then(() => this.#reach());
    return this.#advancing;
  }

  /** As at the start. */
  forget(): Promise<void> {
    this.#advancing = this.#advancing.then(() => {
      this.#tables = [];
      this.#origin_h = this.#reached_h = undefined;
    });
    return this.#advancing;
  }

  /** Stations × `learning.size`, for forecasts of an issue hour that the log has reached; waits only for a day that they must know. */
  async at(issue_h: number, station_ids: readonly string[]): Promise<Float64Array> {
    const known_h = learnedBy(issue_h);
    if (this.#reached_h === undefined || this.#reached_h < boundaryAt(known_h)) await this.#advancing;
    const { learning } = this.#options;
    const held = this.#tables.findLast(({ table }) => table.boundary_h <= known_h);
    return statesOf(learning, held, station_ids);
  }

  async #reach(): Promise<void> {
    const { watermark_h } = this.#options.history;
    if (watermark_h === null) return;
    const last_h = boundaryAt(watermark_h);
    this.#origin_h ??= DAY_H * Math.ceil((watermark_h + HISTORY_HOURS + DAY_H * 2 - 2) / DAY_H);
    for (let h = this.#reached_h === undefined ? last_h : this.#reached_h + DAY_H; h <= last_h; h += DAY_H)
      await this.#reachBoundary(h, this.#origin_h);
    this.#reached_h = last_h;
  }

  async #reachBoundary(boundary_h: number, origin_h: number): Promise<void> {
    const { store, onLearned } = this.#options;
    const known = await this.#orFault('read', () => store?.read(boundary_h));
    const table = known ?? (boundary_h < origin_h && !this.#begun ? undefined : await this.#learned(boundary_h));
    if (table === undefined) return;
    this.#tables.push(heldTable(table));
    if (this.#tables.length > HELD_BOUNDARIES) this.#tables.shift();
    await onLearned(table);
  }

  get #begun(): boolean {
    return this.#tables.length > 0;
  }

  async #learned(boundary_h: number): Promise<LearnedTable | undefined> {
    const { learning, history, store } = this.#options;
    const { station_ids } = history;
    const states = statesOf(learning, this.#tables.at(-1), station_ids);
    const table = await this.#orFault('learn', async () => {
      await teach(learning, states, { station_ids, boundary_h }, (station, now_h, out) =>
        history.fillKnown(station_ids[station] ?? '', now_h, out),
      );
      return { boundary_h, size: learning.size, station_ids, states };
    });
    if (table === undefined) return undefined;
    return (await this.#orFault('publish', () => store?.publish(table))) ?? table;
  }

  async #orFault<T>(fault: LearningFault, work: () => Promise<T> | undefined): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#options.onFault(fault, error);
      return undefined;
    }
  }
}
