import { HISTORY_HOURS, type Telemetry } from '../core/telemetry.ts';
import { fillKnown, type Lateness, onTime } from './known-hours.ts';
import { boundaryAt, DAY_TRUTH_HOURS, type Learning } from './predictor.ts';

/** Stations that are taught in one call: 16 MB of histories. */
const STATIONS_AT_ONCE = 256;

/** The states of all stations of a telemetry set, moved on from day boundary to day boundary as a server moves them. */
export class LearnedStates {
  readonly size: number;
  readonly #learning: Learning;
  readonly #telemetry: Telemetry;
  readonly #lateness: Lateness;
  readonly #states: Float64Array;
  #boundary_h: number;

  /** The states are the initial ones up to the first boundary after `origin_h`. */
  constructor(learning: Learning, telemetry: Telemetry, origin_h: number, lateness = onTime) {
    this.size = learning.size;
    this.#learning = learning;
    this.#telemetry = telemetry;
    this.#lateness = lateness;
    this.#boundary_h = boundaryAt(origin_h);
    this.#states = new Float64Array(telemetry.stations.length * learning.size);
    for (const [s, { station_id }] of telemetry.stations.entries())
      this.#states.set(learning.initial(station_id), s * learning.size);
  }

  /** Stations × `size`, at the last boundary at or before `issue_h`; overwritten when a later one is asked for. */
  async at(issue_h: number): Promise<Float64Array> {
    const wanted_h = boundaryAt(issue_h);
    if (wanted_h < this.#boundary_h)
      throw new RangeError(`states of hour ${wanted_h} are gone: those of ${this.#boundary_h} have been asked for`);
    while (this.#boundary_h < wanted_h) {
      this.#boundary_h += 24;
      for (let from = 0; from < this.#telemetry.stations.length; from += STATIONS_AT_ONCE) await this.#learn(from);
    }
    return this.#states;
  }

  async #learn(from: number): Promise<void> {
    const stations = this.#telemetry.stations.slice(from, from + STATIONS_AT_ONCE);
    const history_kw = new Float64Array(stations.length * 24 * HISTORY_HOURS);
    const truth_kw = new Float64Array(stations.length * DAY_TRUTH_HOURS);
    const fill = (station: number, now_h: number, out: Float64Array) =>
      fillKnown(this.#telemetry, this.#lateness, { station: from + station, now_h }, out);
    for (const s of stations.keys()) {
      for (let i = 0; i < 24; i++) {
        const row = s * 24 + i;
        fill(s, this.#boundary_h - 47 + i, history_kw.subarray(row * HISTORY_HOURS, (row + 1) * HISTORY_HOURS));
      }
      fill(s, this.#boundary_h, truth_kw.subarray(s * DAY_TRUTH_HOURS, (s + 1) * DAY_TRUTH_HOURS));
    }
    await this.#learning.learn(this.#states.subarray(from * this.size, (from + stations.length) * this.size), {
      station_ids: stations.map(({ station_id }) => station_id),
      boundary_h: this.#boundary_h,
      history_kw,
      truth_kw,
    });
  }
}
