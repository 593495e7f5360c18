import { InputError } from '../../core/input-error.ts';
import { DIFFERENCE_FIELDS, stationDifferences } from '../../core/judge/differences.ts';
import { LEADS } from '../../core/record.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { type Forecaster, fitForecasters, fittedHours, wholeStations } from './forecasters.ts';
import { forEach, type LeadMode, leadModes, type Model, models, type Pair, pairNames, pairs } from './models.ts';

/** Errors of every model out of sample over whole UTC days, in memory that workers share. */
export type Losses = {
  name: string;
  stations: number;
  hours: number;
  /** Absolute errors, `[station * hours + hour]`. */
  models: Record<Model, Record<LeadMode, Float64Array>>;
  /** How the two forecasts issued in each hour differ: the sums of each station, `[(hour * stations + station) * DIFFERENCE_FIELDS + field]`. */
  differences: Record<Pair, Float64Array>;
};

const LEAST_DAYS = 60;

/**
 * Errors of four forecasters on the second half of a set: seasonal 24 h, a ridge, one with more features, and the first again, fitted
 * without the first two months. The ridges are fitted on the first half. Stations with a missing reading are left out.
 */
export function candidateLosses(telemetry: Telemetry): Losses {
  const whole = wholeStations(telemetry);
  const { length } = whole.stations;
  if (length < 2)
    throw new InputError([
      { place: telemetry.name, message: `has ${length} stations without gaps`, fix: 'give at least 2' },
    ]);
  const range = judgedRange(telemetry, fittedHours(telemetry));
  const forecasters = fitForecasters(whole);
  const losses = emptyLosses(telemetry.name, length, range.hours);
  for (const [station, series] of whole.values_kw.entries()) {
    const forecasts = forEach(models, (model) => forecastsOf(forecasters[model], station, range));
    for (const model of models) addLosses(losses, model, station, series, range, forecasts[model]);
    for (const pair of pairNames) addDifferences(losses, pair, station, forecasts);
  }
  return losses;
}

/** Row of the first judged hour, and how many there are. */
type Range = { first: number; hours: number };

function judgedRange({ name, start_h, hours: all }: Telemetry, fitted: number): Range {
  // Hours are named by their end: a UTC day begins with the hour that ends at 01:00.
  const first = fitted + LEADS + ((25 - ((start_h + fitted + LEADS) % 24)) % 24);
  const hours = 24 * Math.floor((all - first) / 24);
  if (hours >= 24 * LEAST_DAYS) return { first, hours };
  const fix = `give at least ${2 * LEAST_DAYS + 31} days`;
  throw new InputError([{ place: name, message: `has ${all} hours`, fix }]);
}

function emptyLosses(name: string, stations: number, hours: number): Losses {
  const shared = (length: number) => new Float64Array(new SharedArrayBuffer(8 * length));
  return {
    name,
    stations,
    hours,
    models: forEach(models, () => forEach(leadModes, () => shared(stations * hours))),
    differences: forEach(pairNames, () => shared(DIFFERENCE_FIELDS * stations * hours)),
  };
}

/** Forecasts of one station, in kW, issued from LEADS hours before the first judged one: `[issue * LEADS + lead - 1]`. */
type Forecasts = Float64Array;

function forecastsOf(write: Forecaster, station: number, { first, hours }: Range): Forecasts {
  const forecasts = new Float64Array((hours + LEADS) * LEADS);
  for (let i = 0; i < hours + LEADS; i++)
    write(first - LEADS + i, station, forecasts.subarray(i * LEADS, (i + 1) * LEADS));
  return forecasts;
}

function addLosses(
  { models: all, hours }: Losses,
  model: Model,
  station: number,
  series: Float64Array,
  range: Range,
  forecasts: Forecasts,
): void {
  for (let h = 0; h < hours; h++) {
    const truth = series[range.first + h] ?? Number.NaN;
    const error = (lead: number) => Math.abs((forecasts[(h + LEADS - lead) * LEADS + lead - 1] ?? Number.NaN) - truth);
    let sum = 0;
    for (let lead = 1; lead <= LEADS; lead++) sum += error(lead);
    all[model]['leads 1-24'][station * hours + h] = sum / LEADS;
    all[model]['lead 24'][station * hours + h] = error(LEADS);
  }
}

function addDifferences(losses: Losses, pair: Pair, station: number, forecasts: Record<Model, Forecasts>): void {
  const [candidate, stable] = [forecasts[pairs[pair].candidate], forecasts[pairs[pair].stable]];
  // Issue hours in the place of stations: the sums are of each forecast on its own.
  const sums = stationDifferences(candidate.subarray(LEADS * LEADS), stable.subarray(LEADS * LEADS));
  for (let h = 0; h < losses.hours; h++) {
    const from = DIFFERENCE_FIELDS * h;
    const to = DIFFERENCE_FIELDS * (h * losses.stations + station);
    losses.differences[pair].set(sums.subarray(from, from + DIFFERENCE_FIELDS), to);
  }
}
