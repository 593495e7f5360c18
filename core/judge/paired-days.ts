import { firstHourOfDay } from '../telemetry.ts';
import { MOST_SQUARED } from './squared.ts';

/** Losses of both sides over whole UTC days, scaled by m_s: what the backtest judges. */
export type PairedLosses = {
  /** First and last judged target hour. */
  from_h: number;
  to_h: number;
  /** m_s: the stable's mean absolute error of each station over these days. */
  scale_kw: Record<string, number>;
  /** Stations without a single comparable hour, or whose stable is never wrong: they have no scale. */
  stations_left_out: string[];
  /** Days within the range of which more than half of some hour's stations could not be compared. */
  days_left_out: number;
  /** a_d and b_d, one per judged day, in order. */
  days: { candidate: Float64Array; stable: Float64Array };
  /** Means over stations of L/m_s of each judged hour, in order: D_t(theta) = candidate - (1 + theta) * stable. */
  hours: { target_h: Float64Array; candidate: Float64Array; stable: Float64Array };
  /** Over all judged station-hours. */
  mae_kw: { candidate: number; stable: number };
  rmse_scaled: { candidate: number; stable: number };
  station_hours: number;
  /** Forecast values that were not finite numbers: their station-hours are not compared. */
  invalid_values: { candidate: number; stable: number };
};

/** What is read of one model's losses; `station * hours + hour` is a cell. */
type StationHourLosses = {
  readonly truth: { readonly stations: readonly { station_id: string }[] };
  readonly from_h: number;
  readonly hours: number;
  readonly absolute: Float64Array;
  readonly squared: Float64Array;
  readonly invalid_values: number;
  complete(cell: number): boolean;
};

/** Hours of fewer comparable stations than this share say too little about all stations to be judged. */
export const MIN_STATION_SHARE = 0.5;

/** A stable that errs less than a milliwatt is right by construction (a constant load), and would drown every other station. */
const SMALLEST_SCALE_KW = 1e-6;

export function pairedDays(candidate: StationHourLosses, stable: StationHourLosses): PairedLosses {
  const both = (cell: number) => candidate.complete(cell) && stable.complete(cell);
  const { days, days_left_out } = wholeDays(candidate, both);
  const cells = new Cells(candidate, days, both);
  const scales = stationScales(cells, stable);
  return {
    from_h: days[0] ?? candidate.from_h,
    to_h: (days.at(-1) ?? candidate.from_h) + 23,
    ...named(candidate, scales),
    days_left_out,
    days: dayMeans(cells, { candidate, stable }, scales),
    hours: hourMeans(cells, { candidate, stable }, scales),
    ...totals(cells, { candidate, stable }, scales),
    invalid_values: { candidate: candidate.invalid_values, stable: stable.invalid_values },
  };
}

type Sides<T> = { candidate: T; stable: T };

/** The judged station-hours: visits them by station, day and hour. */
class Cells {
  readonly stations: number;
  readonly days: readonly number[];
  readonly #losses: StationHourLosses;
  readonly #both: (cell: number) => boolean;

  constructor(losses: StationHourLosses, days: readonly number[], both: (cell: number) => boolean) {
    this.stations = losses.truth.stations.length;
    this.days = days;
    this.#losses = losses;
    this.#both = both;
  }

  visit(see: (cell: number, station: number, day: number, hour: number) => void): void {
    for (let s = 0; s < this.stations; s++)
      for (const [d, start_h] of this.days.entries())
        for (let i = 0; i < 24; i++) {
          const cell = s * this.#losses.hours + (start_h - this.#losses.from_h) + i;
          if (this.#both(cell)) see(cell, s, d, 24 * d + i);
        }
  }
}

/** Days entirely within the range, each hour of them with enough stations to compare. */
function wholeDays(losses: StationHourLosses, both: (cell: number) => boolean) {
  const stations = losses.truth.stations.length;
  const comparable = new Int32Array(losses.hours);
  for (let s = 0; s < stations; s++)
    for (let h = 0; h < losses.hours; h++) if (both(s * losses.hours + h)) comparable[h] = (comparable[h] ?? 0) + 1;
  const days: number[] = [];
  let days_left_out = 0;
  const first = firstHourOfDay(losses.from_h + 23);
  for (let start = first; start + 23 < losses.from_h + losses.hours; start += 24) {
    const counts = comparable.subarray(start - losses.from_h, start - losses.from_h + 24);
    if (counts.every((n) => n > 0 && n >= MIN_STATION_SHARE * stations)) days.push(start);
    else days_left_out++;
  }
  return { days, days_left_out };
}

/** m_s per station; NaN where there is none. */
function stationScales(cells: Cells, stable: StationHourLosses): Float64Array {
  const sum = new Float64Array(cells.stations);
  const n = new Float64Array(cells.stations);
  cells.visit((cell, s) => {
    sum[s] = (sum[s] ?? 0) + (stable.absolute[cell] ?? 0);
    n[s] = (n[s] ?? 0) + 1;
  });
  return sum.map((total, s) => usableScale(total / (n[s] ?? 0)));
}

export function usableScale(mae_kw: number): number {
  return mae_kw > SMALLEST_SCALE_KW ? mae_kw : Number.NaN;
}

function named(losses: StationHourLosses, scales: Float64Array) {
  const scale_kw: Record<string, number> = {};
  const stations_left_out: string[] = [];
  for (const [s, { station_id }] of losses.truth.stations.entries()) {
    const scale = scales[s] ?? Number.NaN;
    if (Number.isNaN(scale)) stations_left_out.push(station_id);
    else scale_kw[station_id] = scale;
  }
  return { scale_kw, stations_left_out };
}

type Means = { candidate: Float64Array; stable: Float64Array };

/** Means over scaled station-hours, gathered in `length` bins. */
function binned(cells: Cells, sides: Sides<StationHourLosses>, scales: Float64Array, by: 'day' | 'hour'): Means {
  const length = cells.days.length * (by === 'day' ? 1 : 24);
  const means: Means = { candidate: new Float64Array(length), stable: new Float64Array(length) };
  const n = new Float64Array(length);
  cells.visit((cell, s, day, hour) => {
    const scale = scales[s] ?? Number.NaN;
    if (Number.isNaN(scale)) return;
    const bin = by === 'day' ? day : hour;
    n[bin] = (n[bin] ?? 0) + 1;
    means.candidate[bin] = (means.candidate[bin] ?? 0) + (sides.candidate.absolute[cell] ?? 0) / scale;
    means.stable[bin] = (means.stable[bin] ?? 0) + (sides.stable.absolute[cell] ?? 0) / scale;
  });
  for (const side of [means.candidate, means.stable])
    for (let bin = 0; bin < length; bin++) side[bin] = (side[bin] ?? 0) / (n[bin] ?? 0);
  return means;
}

function dayMeans(cells: Cells, sides: Sides<StationHourLosses>, scales: Float64Array): Means {
  return binned(cells, sides, scales, 'day');
}

function hourMeans(cells: Cells, sides: Sides<StationHourLosses>, scales: Float64Array) {
  const target_h = Float64Array.from(
    { length: 24 * cells.days.length },
    (_, i) => (cells.days[Math.floor(i / 24)] ?? 0) + (i % 24),
  );
  return { target_h, ...binned(cells, sides, scales, 'hour') };
}

function totals(cells: Cells, sides: Sides<StationHourLosses>, scales: Float64Array) {
  const absolute = { candidate: 0, stable: 0 };
  const squared = { candidate: 0, stable: 0 };
  let [n, scaled] = [0, 0];
  cells.visit((cell, s) => {
    n++;
    absolute.candidate += sides.candidate.absolute[cell] ?? 0;
    absolute.stable += sides.stable.absolute[cell] ?? 0;
    const scale = scales[s] ?? Number.NaN;
    if (Number.isNaN(scale)) return;
    scaled++;
    squared.candidate += Math.min((sides.candidate.squared[cell] ?? 0) / scale ** 2, MOST_SQUARED);
    squared.stable += Math.min((sides.stable.squared[cell] ?? 0) / scale ** 2, MOST_SQUARED);
  });
  return {
    station_hours: n,
    mae_kw: { candidate: absolute.candidate / n, stable: absolute.stable / n },
    rmse_scaled: { candidate: Math.sqrt(squared.candidate / scaled), stable: Math.sqrt(squared.stable / scaled) },
  };
}
