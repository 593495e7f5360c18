import { LEADS } from '../record.ts';
import { MIN_STATION_SHARE } from './paired-days.ts';

/**
 * How the candidate's forecasts of one issue hour differ from the stable's, in units of m_s: no label is needed. Over all leads of a forecast, so
 * that every hour of the day is in each of them and a fault shows at the first hour in which it is served.
 */
export type IssueDifference = {
  /** g: mean over stations of (f^c - f^s)/m_s; f is a forecast's mean over its leads. */
  bias: number;
  /** Natural logarithm of the mean over stations and leads of |f^c - f^s|/m_s. */
  log_distance: number;
  /** Mean over stations of |f^s|/m_s: what turns a bias into a share of the load. */
  size: number;
};

/** Differences of consecutive issue hours, in order; hours that too few stations share are left out. */
export type IssueSeries = { issue_h: Float64Array; bias: Float64Array; log_distance: Float64Array; size: Float64Array };

/** Two models closer than this are the same model: rounding in their last bits is no difference. */
const LEAST_DISTANCE = 1e-3;

/** Per station: sums over leads of f^c - f^s, of its absolute value, and of f^s. */
export const DIFFERENCE_FIELDS = 3;

/** The three sums of each station, `[station * DIFFERENCE_FIELDS + field]`, in kW; NaN where a lead of either side is missing. */
export function stationDifferences(candidate: Float64Array, stable: Float64Array): Float64Array {
  const sums = new Float64Array((stable.length / LEADS) * DIFFERENCE_FIELDS);
  for (let s = 0; s * LEADS < stable.length; s++) {
    let [difference, distance, size] = [0, 0, 0];
    for (let i = s * LEADS; i < (s + 1) * LEADS; i++) {
      const d = (candidate[i] ?? Number.NaN) - (stable[i] ?? Number.NaN);
      difference += d;
      distance += Math.abs(d);
      size += stable[i] ?? Number.NaN;
    }
    sums[s * DIFFERENCE_FIELDS] = difference;
    sums[s * DIFFERENCE_FIELDS + 1] = distance;
    sums[s * DIFFERENCE_FIELDS + 2] = Math.abs(size);
  }
  return sums;
}

/** The means over stations of what `stationDifferences` gave; null where fewer than half of those `expected` have both forecasts and a scale. */
export function fleetDifference(
  sums: Float64Array,
  scale_kw: Float64Array,
  expected = sums.length / DIFFERENCE_FIELDS,
): IssueDifference | null {
  const stations = sums.length / DIFFERENCE_FIELDS;
  let [n, bias, distance, size] = [0, 0, 0, 0];
  for (let s = 0; s < stations; s++) {
    const scale = LEADS * (scale_kw[s] ?? Number.NaN);
    const scaled = (sums[s * DIFFERENCE_FIELDS] ?? Number.NaN) / scale;
    if (Number.isNaN(scaled)) continue;
    n++;
    bias += scaled;
    distance += (sums[s * DIFFERENCE_FIELDS + 1] ?? 0) / scale;
    size += (sums[s * DIFFERENCE_FIELDS + 2] ?? 0) / scale;
  }
  if (n === 0 || n < MIN_STATION_SHARE * expected) return null;
  return { bias: bias / n, log_distance: Math.log(Math.max(distance / n, LEAST_DISTANCE)), size: size / n };
}

/** Collects the differences of a backtest, whose scales are only known at its end. Memory: 24 bytes per station-hour. */
export class IssueDifferences {
  readonly #hours: { issue_h: number; sums: Float64Array }[] = [];

  /** Both sides' forecasts of all stations issued at one hour: `[station * LEADS + lead - 1]`, in kW. Hours come in order. */
  add(issue_h: number, candidate: Float64Array, stable: Float64Array): void {
    const last = this.#hours.at(-1);
    if (last !== undefined && issue_h <= last.issue_h)
      throw new RangeError(`issue hour ${issue_h} was added after ${last.issue_h}`);
    this.#hours.push({ issue_h, sums: stationDifferences(candidate, stable) });
  }

  /** `scale_kw`: m_s in the order of the stations, NaN where there is none. */
  series(scale_kw: Float64Array): IssueSeries {
    const found = this.#hours.flatMap(({ issue_h, sums }) => {
      const difference = fleetDifference(sums, scale_kw);
      return difference === null ? [] : [{ issue_h, ...difference }];
    });
    const column = (name: 'issue_h' | keyof IssueDifference) => Float64Array.from(found, (row) => row[name]);
    return {
      issue_h: column('issue_h'),
      bias: column('bias'),
      log_distance: column('log_distance'),
      size: column('size'),
    };
  }
}
