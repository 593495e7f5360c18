import { LEADS } from '../record.ts';
import { type PairedLosses, pairedDays } from './paired-days.ts';

export type { PairedLosses } from './paired-days.ts';

/** The part of a telemetry set that losses need. */
export type Truth = {
  stations: readonly { station_id: string }[];
  start_h: number;
  values_kw: readonly Float64Array[];
};

const ALL_LEADS = 2 ** LEADS - 1;

/**
 * Losses of one model per station and target hour, `from_h` to `to_h` inclusive: the mean absolute (and squared) error over leads 1-24,
 * and nothing where a lead or the truth is missing. Memory: 20 bytes per station-hour.
 */
export class StationHourLosses {
  readonly truth: Truth;
  readonly from_h: number;
  readonly hours: number;
  readonly absolute: Float64Array;
  readonly squared: Float64Array;
  /** Bit k - 1: lead k has been added. */
  readonly leads: Int32Array;
  invalid_values = 0;

  constructor(truth: Truth, range: { from_h: number; to_h: number }) {
    if (!(range.to_h >= range.from_h))
      throw new RangeError(`losses need from_h <= to_h, got ${range.from_h} and ${range.to_h}`);
    this.truth = truth;
    this.from_h = range.from_h;
    this.hours = range.to_h - range.from_h + 1;
    const cells = truth.stations.length * this.hours;
    this.absolute = new Float64Array(cells);
    this.squared = new Float64Array(cells);
    this.leads = new Int32Array(cells);
  }

  /** One forecast: `values_kw[k - 1]` is for target hour issue_h + k. Leads outside the range are ignored. */
  add(issue_h: number, station: number, values_kw: ArrayLike<number | null>): void {
    const readings = this.truth.values_kw[station];
    if (readings === undefined) throw new RangeError(`station ${station} is not one of ${this.truth.stations.length}`);
    if (values_kw.length !== LEADS) throw new RangeError(`a forecast has ${LEADS} leads, got ${values_kw.length}`);
    const offset = this.truth.start_h - this.from_h;
    for (let k = 1; k <= LEADS; k++) {
      const hour = issue_h + k - this.from_h;
      if (hour < 0 || hour >= this.hours) continue;
      this.#addLead(station * this.hours + hour, 1 << (k - 1), values_kw[k - 1] ?? Number.NaN, readings[hour - offset]);
    }
  }

  complete(cell: number): boolean {
    return this.leads[cell] === ALL_LEADS;
  }

  #addLead(cell: number, bit: number, value_kw: number, truth_kw: number | undefined): void {
    const seen = this.leads[cell] ?? 0;
    if ((seen & bit) !== 0) throw new RangeError('the same forecast was added twice');
    if (!Number.isFinite(value_kw)) {
      this.invalid_values++;
      return;
    }
    const error_kw = value_kw - (truth_kw ?? Number.NaN);
    if (Number.isNaN(error_kw)) return;
    this.leads[cell] = seen | bit;
    this.absolute[cell] = (this.absolute[cell] ?? 0) + Math.abs(error_kw) / LEADS;
    this.squared[cell] = (this.squared[cell] ?? 0) + error_kw ** 2 / LEADS;
  }
}

/** Pairs two models' losses over the same truth and range: only station-hours that both scored count. */
export function pairLosses(candidate: StationHourLosses, stable: StationHourLosses): PairedLosses {
  if (candidate.from_h !== stable.from_h || candidate.hours !== stable.hours || candidate.truth !== stable.truth)
    throw new RangeError('losses of two models are paired over one truth and one range of hours');
  return pairedDays(candidate, stable);
}
