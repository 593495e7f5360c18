import type { Logger } from 'pino';
import { serverEnv } from '../core/workload.ts';
import { type HeldTable, heldTable, statesOf } from './held-table.ts';
import { type Batch, boundaryAt, learnedBy, type Predictor } from './predictor.ts';
import { Problem } from './problem.ts';
import { rowOf } from './row-of.ts';
import { StateStore } from './state-store.ts';

/** Tables held: a few megabytes each, and those who recompute go through the hours of a day. */
const HELD_TABLES = 2;

/** Of an OpenRelease. */
type Released = { release: string; arms: ReadonlyMap<string, Predictor> };

/** Reads back what servers had learned when they made the forecasts of a batch: the other side of OnlineStates. */
export class RecordedStates {
  readonly #folder: string | undefined;
  readonly #log: Logger;
  readonly #held = new Map<string, HeldTable>();

  constructor(folder: string | undefined, log: Logger) {
    this.#folder = folder;
    this.#log = log;
  }

  /** The batch with its states, where the predictor learns. */
  async taught(opened: Released, predictor: Predictor, batch: Batch): Promise<Batch> {
    const { learning } = predictor;
    if (learning === undefined) return batch;
    const states = new Float64Array(batch.station_ids.length * learning.size);
    const arm = stateKey(opened, predictor);
    const store = this.#store(opened.release, arm, learning.size);
    const boundaryOf = (row: number) => boundaryAt(learnedBy(batch.issue_h[row] ?? 0));
    for (const [boundary_h, rows] of Map.groupBy(batch.issue_h.keys(), boundaryOf)) {
      const held = await this.#table(store, `${opened.release} ${arm}`, boundary_h);
      const station_ids = rows.map((row) => batch.station_ids[row] ?? '');
      const theirs = statesOf(learning, held, station_ids);
      for (const [at, row] of rows.entries()) states.set(rowOf(theirs, at, learning.size), row * learning.size);
    }
    return { ...batch, states };
  }

  #store(release: string, arm: string, size: number): StateStore {
    if (this.#folder === undefined)
      throw new Problem(503, 'states-unknown', `${serverEnv.states} is not set, and the model of ${release} learns`);
    return new StateStore(this.#folder, { release, arm, size }, (path, err) =>
      this.#log.error({ err, path }, 'a file of learned states is damaged'),
    );
  }

  async #table(store: StateStore, of: string, boundary_h: number): Promise<HeldTable | undefined> {
    const key = `${of} ${boundary_h}`;
    const known = this.#held.get(key);
    if (known !== undefined) return known;
    const table = await store.newest(boundary_h);
    if (table === undefined) return undefined;
    const held = heldTable(table);
    // That of a boundary before may be followed by one of this boundary.
    if (table.boundary_h !== boundary_h) return held;
    this.#held.set(key, held);
    const [oldest] = this.#held.keys();
    if (this.#held.size > HELD_TABLES && oldest !== undefined) this.#held.delete(oldest);
    return held;
  }
}

/** Under which name a predictor's states are kept: its arm, or "only" where the release has no arms. */
export function stateKey({ arms }: Pick<Released, 'arms'>, predictor: Predictor): string {
  for (const [arm, its] of arms) if (its === predictor) return arm;
  return 'only';
}
