import { COMPARED_HOURS } from '../core/judge/drift/week-against-weeks.ts';
import { SCREEN_HOURS } from '../core/judge/screen.ts';
import { HISTORY_HOURS } from '../core/telemetry.ts';

/** Pair hours that may be asked again, and slack for late served records. */
const BEHIND_HOURS = 72;

/**
 * Target hours held in memory: a predictor's history, or what drift and screen look back on once the last hour's truth is known, whichever is longer, as they
 * were up to BEHIND_HOURS ago.
 */
export function heldHours(truth_delay_hours: number): number {
  return Math.max(HISTORY_HOURS, Math.max(COMPARED_HOURS, SCREEN_HOURS) + truth_delay_hours) + BEHIND_HOURS;
}

type Version = { available_h: number; value_kw: number };

/**
 * Readings as they became known: what was known of a cell at any hour can be asked, so that inputs and truth are functions of the log
 * alone. Memory is bounded by the hours held times the stations, whatever the length of the log.
 */
export class History {
  readonly stations: string[] = [];
  readonly held_hours: number;
  readonly #index = new Map<string, number>();
  readonly #values_kw: Float64Array[] = [];
  /** When the value of a cell became known; NEVER where it has none. */
  readonly #available_h: Int32Array[] = [];
  /** Versions that a correction replaced, oldest first, by target hour and station. */
  readonly #replaced = new Map<number, Map<number, Version[]>>();
  #newest_h = Number.NEGATIVE_INFINITY;

  constructor(held_hours: number) {
    this.held_hours = held_hours;
  }

  station(station_id: string): number | undefined {
    return this.#index.get(station_id);
  }

  addStation(station_id: string): number {
    const index = this.stations.length;
    this.stations.push(station_id);
    this.#index.set(station_id, index);
    this.#values_kw.push(new Float64Array(this.held_hours).fill(Number.NaN));
    this.#available_h.push(new Int32Array(this.held_hours).fill(NEVER));
    return index;
  }

  /** Readings come in the order in which they became known; NaN: known to be missing. Cells older than what is held are ignored. */
  set(station: number, target_h: number, value_kw: number, available_h: number): void {
    this.#advance(target_h);
    if (!this.holds(target_h)) return;
    const [values, available] = [this.#values_kw[station], this.#available_h[station]];
    if (values === undefined || available === undefined) throw new RangeError(`no station ${station}`);
    const slot = this.#slot(target_h);
    const known_h = available[slot] ?? NEVER;
    if (known_h !== NEVER)
      this.#keepReplaced(target_h, station, { available_h: known_h, value_kw: values[slot] ?? Number.NaN });
    values[slot] = value_kw;
    available[slot] = available_h;
  }

  /** The cell as known at hour `as_of_h`; NaN where nothing was, or where it is no longer held. */
  asOf(station: number, target_h: number, as_of_h: number): number {
    if (!this.holds(target_h)) return Number.NaN;
    const slot = this.#slot(target_h);
    const known_h = this.#available_h[station]?.[slot] ?? NEVER;
    if (known_h <= as_of_h) return this.#values_kw[station]?.[slot] ?? Number.NaN;
    const versions = this.#replaced.get(target_h)?.get(station) ?? [];
    return versions.findLast(({ available_h }) => available_h <= as_of_h)?.value_kw ?? Number.NaN;
  }

  /** The inputs of a forecast: HISTORY_HOURS up to and including the issue hour, as known then. */
  inputs(station: number, issue_h: number): Float64Array {
    const inputs = new Float64Array(HISTORY_HOURS);
    const [values, available] = [this.#values_kw[station], this.#available_h[station]];
    const first_h = issue_h - HISTORY_HOURS + 1;
    const first_slot = this.#slot(first_h);
    for (let i = 0; i < HISTORY_HOURS; i++) {
      const target_h = first_h + i;
      const slot = first_slot + i < this.held_hours ? first_slot + i : first_slot + i - this.held_hours;
      // Nearly every cell was known in time and is as it was: only the others take the long way.
      const plain = (available?.[slot] ?? NEVER) <= issue_h && this.holds(target_h);
      inputs[i] = plain ? (values?.[slot] ?? Number.NaN) : this.asOf(station, target_h, issue_h);
    }
    return inputs;
  }

  /** All stations' readings of one hour as known at `as_of_h`. */
  truth(target_h: number, as_of_h: number): Float64Array {
    return Float64Array.from(this.stations, (_, station) => this.asOf(station, target_h, as_of_h));
  }

  /**
   * Stations that have some reading in the HISTORY_HOURS up to `hour`, as known at `as_of_h`: of the others, a retired or renamed meter among
   * them, no model can forecast anything and no reading is expected.
   */
  expected(hour: number, as_of_h: number): number {
    return this.stations.reduce((n, _, station) => n + Number(this.#reads(station, hour, as_of_h)), 0);
  }

  #reads(station: number, hour: number, as_of_h: number): boolean {
    for (let h = hour; h > hour - HISTORY_HOURS; h--) if (!Number.isNaN(this.asOf(station, h, as_of_h))) return true;
    return false;
  }

  /** Whether inputs for this issue hour are still held in full; hours that have no reading yet, as of a late feed, are missing in them. */
  covers(issue_h: number): boolean {
    return issue_h - HISTORY_HOURS > this.#newest_h - this.held_hours;
  }

  #slot(hour: number): number {
    return ((hour % this.held_hours) + this.held_hours) % this.held_hours;
  }

  /** Whether readings of this hour are held, or would be. */
  holds(target_h: number): boolean {
    return target_h <= this.#newest_h && target_h > this.#newest_h - this.held_hours;
  }

  #advance(target_h: number): void {
    if (target_h <= this.#newest_h) return;
    const first_h = Math.max(this.#newest_h + 1, target_h - this.held_hours + 1);
    for (let h = first_h; h <= target_h; h++) {
      for (const available of this.#available_h) available[this.#slot(h)] = NEVER;
      this.#replaced.delete(h - this.held_hours);
    }
    // A gap longer than what is held makes every older version old.
    if (first_h > this.#newest_h + 1) this.#replaced.clear();
    this.#newest_h = target_h;
  }

  #keepReplaced(target_h: number, station: number, version: Version): void {
    const hour = this.#replaced.get(target_h) ?? new Map<number, Version[]>();
    this.#replaced.set(target_h, hour);
    const versions = hour.get(station) ?? [];
    hour.set(station, versions);
    versions.push(version);
    if (versions.length > MAX_VERSIONS) versions.splice(1, 1);
  }
}

const NEVER = 2 ** 31 - 1;

/** Corrections of one cell that are told apart; a feed that corrects more often loses the middle ones. */
const MAX_VERSIONS = 16;
