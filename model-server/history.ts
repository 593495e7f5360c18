import { HISTORY_HOURS, hourOfIso, isoOfHour, type LogEntryInput, REPLAYED_HOURS } from '../core/telemetry.ts';
import type { Batch } from './predictor.ts';
import { Problem } from './problem.ts';
import { rowOf } from './row-of.ts';

/** Issue times this far back are answered as they were then. */
export const REPLAY_HOURS = REPLAYED_HOURS - HISTORY_HOURS;

/** Hours kept per station. */
const RING_HOURS = REPLAYED_HOURS;

/** Corrections of one station-hour that are told apart; a feed that corrects more often loses the middle ones. */
const MAX_VERSIONS = 16;

/** 7 kB each. */
export const MAX_STATIONS = 100_000;

/** Requests that may wait for the log at once. */
const MAX_WAITING = 1_000;

const NEVER = -1;

type Version = { value_kw: number; available_h: number };

/** One station's recent readings; the cell of hour h is h modulo RING_HOURS. */
class Ring {
  readonly target_h = new Int32Array(RING_HOURS).fill(NEVER);
  readonly available_h = new Int32Array(RING_HOURS);
  readonly value_kw = new Float64Array(RING_HOURS);
  /** What corrected cells said before, oldest first; most stations have none. */
  #earlier: Map<number, Version[]> | undefined;

  put(target_h: number, value_kw: number, available_h: number): void {
    const cell = target_h % RING_HOURS;
    if (this.target_h[cell] === target_h) this.#keepVersion(cell);
    else this.#earlier?.delete(cell);
    this.target_h[cell] = target_h;
    this.available_h[cell] = available_h;
    this.value_kw[cell] = value_kw;
  }

  #keepVersion(cell: number): void {
    this.#earlier ??= new Map();
    const versions = this.#earlier.get(cell) ?? [];
    versions.push({ value_kw: this.value_kw[cell] ?? Number.NaN, available_h: this.available_h[cell] ?? 0 });
    if (versions.length > MAX_VERSIONS) versions.splice(1, 1);
    this.#earlier.set(cell, versions);
  }

  /** As many hours up to `now_h` as `out` is long, as they were known then. */
  copy(now_h: number, out: Float64Array): void {
    for (let i = 0, target_h = now_h - out.length + 1; target_h <= now_h; i++, target_h++) {
      const cell = target_h % RING_HOURS;
      if (this.target_h[cell] !== target_h) out[i] = Number.NaN;
      else if ((this.available_h[cell] ?? 0) <= now_h) out[i] = this.value_kw[cell] ?? Number.NaN;
      else
        out[i] = this.#earlier?.get(cell)?.findLast(({ available_h }) => available_h <= now_h)?.value_kw ?? Number.NaN;
    }
  }
}

/**
 * The station histories of a server, a function of the observation log alone: what it answers for an issue hour does not depend on what
 * arrived later, nor on when the server was started.
 */
export class History {
  readonly #rings = new Map<string, Ring>();
  readonly #waiting = new Set<() => void>();
  #watermark_h = NEVER;

  /** Hour up to which everything that was available is here; null before the first entry. */
  get watermark_h(): number | null {
    return this.#watermark_h === NEVER ? null : this.#watermark_h;
  }

  get stations(): number {
    return this.#rings.size;
  }

  /** In the order in which they became known. */
  get station_ids(): string[] {
    return [...this.#rings.keys()];
  }

  /**
   * Fills `out` with a known station's readings of the hours up to `now_h` as they were known then, NaN = missing. What is asked for must
   * end at most REPLAY_HOURS before the watermark: older readings have been overwritten.
   */
  fillKnown(station_id: string, now_h: number, out: Float64Array): void {
    this.#rings.get(station_id)?.copy(now_h, out);
  }

  /** Stations that are known though no reading that is still kept names them. */
  know(station_ids: readonly string[]): void {
    for (const station_id of station_ids) this.#ring(station_id);
  }

  /** As at the start. */
  forget(): void {
    this.#rings.clear();
    this.#watermark_h = NEVER;
  }

  add({ available_at, observations }: LogEntryInput): void {
    const available_h = hourOfIso(available_at);
    let target_time = '';
    let target_h = NEVER;
    for (const observation of observations) {
      if (observation.target_time !== target_time) {
        target_time = observation.target_time;
        target_h = hourOfIso(target_time);
      }
      if (target_h > available_h)
        throw new RangeError(
          `${observation.station_id}: the reading of ${target_time} was available before it, at ${available_at}`,
        );
      const ring = this.#ring(observation.station_id);
      // A reading that comes too late for any history that can still be asked for; its station is known all the same.
      if (target_h <= available_h - RING_HOURS) continue;
      ring.put(target_h, observation.value_kw ?? Number.NaN, available_h);
    }
    this.#watermark_h = Math.max(this.#watermark_h, available_h);
    for (const wake of this.#waiting) wake();
  }

  #ring(station_id: string): Ring {
    const known = this.#rings.get(station_id);
    if (known !== undefined) return known;
    if (this.#rings.size >= MAX_STATIONS)
      throw new RangeError(`station ${station_id} is one more than the ${MAX_STATIONS} that one server holds`);
    const ring = new Ring();
    this.#rings.set(station_id, ring);
    return ring;
  }

  /** Waits until the watermark has reached `issue_h`; false when it does not within `wait_ms`. */
  reached(issue_h: number, wait_ms: number): Promise<boolean> {
    if (this.#watermark_h >= issue_h) return Promise.resolve(true);
    if (this.#waiting.size >= MAX_WAITING) return Promise.resolve(false);
    return new Promise((resolve) => {
      const settle = (outcome: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve(outcome);
      };
      const wake = () => {
        if (this.#watermark_h >= issue_h) settle(true);
      };
      const timer = setTimeout(settle, wait_ms, false);
      this.#waiting.add(wake);
    });
  }

  /** Refuses an issue hour whose history has begun to go. */
  checkKept(issue_h: number): void {
    if (issue_h < this.#watermark_h - REPLAY_HOURS + 1) {
      const oldest = isoOfHour(this.#watermark_h - REPLAY_HOURS + 1);
      throw new Problem(
        422,
        'history-gone',
        `issue_time ${isoOfHour(issue_h)} is older than ${oldest}, the oldest that this server can still answer`,
        'issue_time',
      );
    }
  }

  /** The inputs of forecasts issued at `issue_h`, of the stations of a call at `places`. */
  batch(called: readonly string[], issue_h: number, places: readonly number[] = [...called.keys()]): Batch {
    this.checkKept(issue_h);
    const history_kw = new Float64Array(places.length * HISTORY_HOURS);
    const station_ids = places.map((place, row) => {
      const station_id = called[place] ?? '';
      const ring = this.#rings.get(station_id);
      if (ring === undefined) throw unknownStation(station_id, place);
      ring.copy(issue_h, rowOf(history_kw, row, HISTORY_HOURS));
      return station_id;
    });
    return { station_ids, issue_h: new Int32Array(places.length).fill(issue_h), history_kw };
  }
}

function unknownStation(station_id: string, place: number): Problem {
  const field = `station_ids[${place}]`;
  const why = `no observation of "${station_id}" has arrived; the station is unknown`;
  return new Problem(404, 'unknown-station', `${field}: ${why}`, field);
}
