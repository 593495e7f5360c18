import { type PairedLosses, pairedDays } from './paired-days.ts';

/** Absolute errors of both sides, hour by hour: `[station * hours + hour]`, NaN where a side has none. */
export type LossTable = {
  stations: readonly string[];
  /** First target hour; every hour up to `from_h + hours - 1` has its place. */
  from_h: number;
  hours: number;
  candidate_kw: Float64Array;
  stable_kw: Float64Array;
};

/** Whether both sides scored the station-hour: nothing else counts. */
export function scoredByBoth({ candidate_kw, stable_kw }: LossTable, cell: number): boolean {
  return !Number.isNaN((candidate_kw[cell] ?? Number.NaN) + (stable_kw[cell] ?? Number.NaN));
}

/**
 * The table's first `hours` as the backtest reads them. Its days are blocks of 24 hours from the table's first hour, so that a history of
 * 28 days has 28 days whatever hour it begins with. Squared errors are not known, so there is no RMSE.
 */
export function historyOf(table: LossTable, hours: number): PairedLosses {
  const shift_h = table.from_h - 1;
  const losses = pairedDays(sideOf(table, table.candidate_kw, hours), sideOf(table, table.stable_kw, hours));
  return {
    ...losses,
    from_h: losses.from_h + shift_h,
    to_h: losses.to_h + shift_h,
    hours: { ...losses.hours, target_h: losses.hours.target_h.map((hour) => hour + shift_h) },
    rmse_scaled: { candidate: Number.NaN, stable: Number.NaN },
  };
}

function sideOf(table: LossTable, losses_kw: Float64Array, hours: number) {
  const absolute = new Float64Array(table.stations.length * hours);
  for (let s = 0; s < table.stations.length; s++)
    absolute.set(losses_kw.subarray(s * table.hours, s * table.hours + hours), s * hours);
  return {
    truth: { stations: table.stations.map((station_id) => ({ station_id })) },
    from_h: 1,
    hours,
    absolute,
    squared: new Float64Array(0),
    invalid_values: 0,
    complete: (cell: number) => !Number.isNaN(absolute[cell] ?? Number.NaN),
  };
}
