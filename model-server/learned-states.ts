import type { Telemetry } from '../core/telemetry.ts';
import { fillKnown, type Lateness, onTime } from './known-hours.ts';
import { boundaryAt, type Learning } from './predictor.ts';
import { teach } from './teach.ts';

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

  /** Stations × `size`, at the last boundary at or before `hour`; overwritten when a later one is asked for. */
  async at(hour: number): Promise<Float64Array> {
    const wanted_h = boundaryAt(hour);
    if (wanted_h < this.#boundary_h)
      throw new RangeError(`states of hour ${wanted_h} are gone: those of ${this.#boundary_h} have been asked for`);
    while (this.#boundary_h < wanted_h) {
      this.#boundary_h += 24;
      const ids = this.#telemetry.stations.map(({ station_id }) => station_id);
      await teach(
        this.#learning,
        this.#states,
        { station_ids: ids, boundary_h: this.#boundary_h },
        (station, now_h, out) => fillKnown(this.#telemetry, this.#lateness, { station, now_h }, out),
      );
    }
    return this.#states;
  }
}
