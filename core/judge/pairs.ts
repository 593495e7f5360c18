import { LEADS } from '../record.ts';
import { addDifference, type HourMeans, hourMeans, type ThetaSums } from './hour-means.ts';
import { usableScale } from './paired-days.ts';

/** Domain hours after its end at which a target hour is closed: later readings do not reach the live sums. */
export const CLOSE_AFTER_HOURS = 6;

/** One issue hour that both sides forecast: `[station * LEADS + lead - 1]`, NaN where a value is missing. */
export type IssuePair = { candidate: Float64Array; stable: Float64Array };

/** Sums over judged target hours; they start at 0 and are all that the guard needs. */
export type LiveSums = {
  /** n: hours judged. */
  hours: number;
  theta: ThetaSums;
  labels_expected: number;
  labels_matured: number;
};

/** Per station: station-hours, then sums of the absolute and squared errors of candidate and stable. */
export const STATION_FIELDS = 5;

export function zeroSums(): LiveSums {
  const zero = () => ({ sum: 0, sumsq: 0 });
  return { hours: 0, theta: { abort: zero(), safe: zero(), win: zero() }, labels_expected: 0, labels_matured: 0 };
}

/**
 * Live pairing as a pure state machine: issue hours go in, target hours are closed in order, sums come out. What it holds is bounded by
 * the forecast horizon plus the hours not yet closed.
 */
export class PairedHours {
  readonly sums: LiveSums;
  /** `[station * STATION_FIELDS + field]` over the judged hours; grows with the stations. Replaced, never changed: copies share it. */
  station_sums: Float64Array;
  readonly #issues = new Map<number, IssuePair>();

  constructor(sums: LiveSums = zeroSums(), station_sums: Float64Array = new Float64Array(0)) {
    this.sums = sums;
    this.station_sums = station_sums;
  }

  /** The same open hours beside other sums. */
  copy(sums: LiveSums): PairedHours {
    const copy = new PairedHours(sums, this.station_sums);
    for (const [issue_h, pair] of this.#issues) copy.put(issue_h, pair);
    return copy;
  }

  put(issue_h: number, pair: IssuePair): void {
    this.#issues.set(issue_h, pair);
  }

  issue(issue_h: number): IssuePair | undefined {
    return this.#issues.get(issue_h);
  }

  /** What was judged so far is forgotten, open hours are not: for when the scales become known late. */
  restart(): void {
    Object.assign(this.sums, { hours: 0, theta: zeroSums().theta });
    this.station_sums = new Float64Array(this.station_sums.length);
  }

  /**
   * Closes target hour `target_h` on the truth as known at its watermark (NaN = missing). Without scales (m_s, NaN where unknown) the hour
   * is counted and its errors are summed, but D(theta) is not.
   */
  close(target_h: number, truth_kw: Float64Array, scale_kw: Float64Array | null): HourMeans | null {
    this.sums.labels_expected += truth_kw.length;
    this.sums.labels_matured += truth_kw.reduce((n, y) => (Number.isNaN(y) ? n : n + 1), 0);
    const leads = this.#leads(target_h);
    const means = leads === null ? null : this.#judge(stationErrors(leads, truth_kw), scale_kw);
    this.forget(target_h - LEADS);
    return means;
  }

  /** Drops the issue hour that no later target hour needs. */
  forget(issue_h: number): void {
    this.#issues.delete(issue_h);
  }

  /** The pairs issued 1 to 24 hours before, or null unless all were. */
  #leads(target_h: number): IssuePair[] | null {
    const pairs: IssuePair[] = [];
    for (let lead = 1; lead <= LEADS; lead++) {
      const pair = this.#issues.get(target_h - lead);
      if (pair === undefined) return null;
      pairs.push(pair);
    }
    return pairs;
  }

  #judge(errors: Float64Array, scale_kw: Float64Array | null): HourMeans | null {
    const means = hourMeans(errors, ERROR_FIELDS, scale_kw);
    if (means === null) return null;
    this.sums.hours++;
    this.#addStations(errors);
    if (scale_kw !== null) addDifference(this.sums.theta, means);
    return means;
  }

  #addStations(errors: Float64Array): void {
    const stations = errors.length / ERROR_FIELDS;
    const sums = atLeast(this.station_sums, stations * STATION_FIELDS).slice();
    for (let s = 0; s < stations; s++) {
      if (Number.isNaN(errors[s * ERROR_FIELDS] ?? Number.NaN)) continue;
      const at = s * STATION_FIELDS;
      sums[at] = (sums[at] ?? 0) + 1;
      for (let f = 0; f < ERROR_FIELDS; f++)
        sums[at + 1 + f] = (sums[at + 1 + f] ?? 0) + (errors[s * ERROR_FIELDS + f] ?? 0);
    }
    this.station_sums = sums;
  }
}

/** Per station: means over leads of |candidate - y|, |stable - y| and their squares; NaN unless both sides have every lead. */
const ERROR_FIELDS = STATION_FIELDS - 1;

function stationErrors(leads: readonly IssuePair[], truth_kw: Float64Array): Float64Array {
  const errors = new Float64Array(truth_kw.length * ERROR_FIELDS);
  for (let s = 0; s < truth_kw.length; s++) {
    const y = truth_kw[s] ?? Number.NaN;
    let [c_abs, s_abs, c_sq, s_sq] = [0, 0, 0, 0];
    for (let i = 0; i < LEADS; i++) {
      const pair = leads[i];
      const c = (pair?.candidate[s * LEADS + i] ?? Number.NaN) - y;
      const b = (pair?.stable[s * LEADS + i] ?? Number.NaN) - y;
      c_abs += Math.abs(c);
      s_abs += Math.abs(b);
      c_sq += c * c;
      s_sq += b * b;
    }
    // Only station-hours of both sides count: a NaN of either makes all four NaN.
    const both = Number.isNaN(c_abs + s_abs) ? Number.NaN : LEADS;
    errors.set([c_abs / both, s_abs / both, c_sq / both, s_sq / both], s * ERROR_FIELDS);
  }
  return errors;
}

/** The same numbers in an array of at least `length`. */
export function atLeast(array: Float64Array, length: number): Float64Array {
  if (array.length >= length) return array;
  const grown = new Float64Array(length);
  grown.set(array);
  return grown;
}

/** Mean absolute and root mean squared error over m_s of both sides over the judged station-hours; null while there are none. */
export function scaledErrors(station_sums: Float64Array, scale_kw: Float64Array) {
  const total = new Float64Array(STATION_FIELDS);
  for (let s = 0; s * STATION_FIELDS < station_sums.length; s++) {
    const scale = scale_kw[s] ?? Number.NaN;
    if (Number.isNaN(scale)) continue;
    for (let f = 0; f < STATION_FIELDS; f++) {
      const unit = f === 0 ? 1 : f <= 2 ? scale : scale * scale;
      total[f] = (total[f] ?? 0) + (station_sums[s * STATION_FIELDS + f] ?? 0) / unit;
    }
  }
  const [n = 0, candidate = 0, stable = 0, candidate_sq = 0, stable_sq = 0] = total;
  if (n === 0) return null;
  return {
    mae: { candidate: candidate / n, stable: stable / n },
    rmse: { candidate: Math.sqrt(candidate_sq / n), stable: Math.sqrt(stable_sq / n) },
  };
}

/** The stable's mean absolute error per station over the judged hours: m_s where no backtest gave it. */
export function liveScales(station_sums: Float64Array, stations: number): Float64Array {
  return Float64Array.from({ length: stations }, (_, s) => {
    const n = station_sums[s * STATION_FIELDS] ?? 0;
    return usableScale((station_sums[s * STATION_FIELDS + 2] ?? 0) / n);
  });
}
