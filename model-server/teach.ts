import { setImmediate } from 'node:timers/promises';
import { HISTORY_HOURS } from '../core/telemetry.ts';
import { DAY_TRUTH_HOURS, type Learning, type LearningDay } from './predictor.ts';
import { rowOf } from './row-of.ts';

/** Stations that are taught in one call, which takes the mixture of all some 20 ms: 1 MB of histories. */
const STATIONS_AT_ONCE = 16;

/** Fills `out` with the readings of the `station`-th station up to `now_h`, as they were known then. */
export type FillKnown = (station: number, now_h: number, out: Float64Array) => void;

/** Overwrites `states` (stations × `learning.size`, at boundary_h - 24) with those at `boundary_h`, whatever number of stations there are. */
export async function teach(
  learning: Learning,
  states: Float64Array,
  { station_ids, boundary_h }: Pick<LearningDay, 'station_ids' | 'boundary_h'>,
  fill: FillKnown,
): Promise<void> {
  for (let from = 0; from < station_ids.length; from += STATIONS_AT_ONCE) {
    const some = station_ids.slice(from, from + STATIONS_AT_ONCE);
    const history_kw = new Float64Array(some.length * 24 * HISTORY_HOURS);
    const truth_kw = new Float64Array(some.length * DAY_TRUTH_HOURS);
    for (const s of some.keys()) {
      for (let i = 0; i < 24; i++) {
        const row = s * 24 + i;
        fill(from + s, boundary_h - 47 + i, rowOf(history_kw, row, HISTORY_HOURS));
      }
      fill(from + s, boundary_h, rowOf(truth_kw, s, DAY_TRUTH_HOURS));
    }
    const theirs = states.subarray(from * learning.size, (from + some.length) * learning.size);
    await learning.learn(theirs, { station_ids: some, boundary_h, history_kw, truth_kw });
    // Between two lots, whoever asks for a forecast is answered.
    await setImmediate();
  }
}
