import { InputError } from '../../core/input-error.ts';
import { stationDifferences } from '../../core/judge/differences.ts';
import { LEADS } from '../../core/record.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { featureCount, type Readings, writeFeatures } from './features.ts';
import { forEach, type LeadMode, leadModes, type Model, models, type Pair, pairNames, pairs } from './models.ts';
import { fitRidge, predict, type Ridge } from './ridge.ts';

/** Errors of every model out of sample over whole UTC days, in memory that workers share. */
export type Losses = {
  name: string;
  stations: number;
  hours: number;
  /** Absolute errors, `[station * hours + hour]`. */
  models: Record<Model, Record<LeadMode, Float64Array>>;
  /** How the two forecasts issued in each hour differ: three sums of each station, `[(hour * stations + station) * 3 + field]`. */
  differences: Record<Pair, Float64Array>;
};

/** The share of a set that the ridges are fitted on: its first half; the rest is judged. */
const FITTED_SHARE = 0.5;
const LEAST_DAYS = 60;
const MONTH_HOURS = 30 * 24;

/**
 * Errors of four forecasters on the second half of a set: seasonal 24 h, a ridge, one with more features, and the first again, fitted
 * without the first two months. The ridges are fitted on the first half. Stations with a missing reading are left out.
 */
export function candidateLosses(telemetry: Telemetry): Losses {
  const fitted = Math.floor(telemetry.hours * FITTED_SHARE);
  const readings = wholeStations(telemetry, fitted);
  const range = judgedRange(telemetry, fitted);
  const ridges = {
    ridge: fitRidge(readings, 'plain', { from: 0, to: fitted }),
    rich: fitRidge(readings, 'rich', { from: 0, to: fitted }),
    retrained: fitRidge(readings, 'plain', { from: 2 * MONTH_HOURS, to: fitted }),
  };
  const losses = emptyLosses(telemetry.name, readings.values_kw.length, range.hours);
  for (const station of readings.values_kw.keys()) {
    const forecasts = {
      seasonal: seasonal(readings, station, range),
      ridge: ridged(readings, station, range, ridges.ridge),
      rich: ridged(readings, station, range, ridges.rich),
      retrained: ridged(readings, station, range, ridges.retrained),
    };
    for (const model of models) addLosses(losses, model, station, readings, range, forecasts[model]);
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

function wholeStations(telemetry: Telemetry, fitted: number): Readings {
  const values_kw = telemetry.values_kw.filter((series) => series.every((kw) => Number.isFinite(kw)));
  if (values_kw.length < 2)
    throw new InputError([
      { place: telemetry.name, message: `has ${values_kw.length} stations without gaps`, fix: 'give at least 2' },
    ]);
  const means_kw = Float64Array.from(values_kw, (series) => {
    const known = series.subarray(0, fitted);
    return known.reduce((sum, kw) => sum + kw, 0) / known.length;
  });
  return { start_h: telemetry.start_h, values_kw, means_kw };
}

function emptyLosses(name: string, stations: number, hours: number): Losses {
  const shared = (length: number) => new Float64Array(new SharedArrayBuffer(8 * length));
  return {
    name,
    stations,
    hours,
    models: forEach(models, () => forEach(leadModes, () => shared(stations * hours))),
    differences: forEach(pairNames, () => shared(3 * stations * hours)),
  };
}

/** Forecasts of one station, in kW, issued from LEADS hours before the first judged one: `[issue * LEADS + lead - 1]`. */
type Forecasts = Float64Array;

function seasonal({ values_kw }: Readings, station: number, { first, hours }: Range): Forecasts {
  const series = values_kw[station] ?? new Float64Array(0);
  return Float64Array.from({ length: (hours + LEADS) * LEADS }, (_, i) => {
    const issue = first - LEADS + Math.floor(i / LEADS);
    return series[issue + (i % LEADS) + 1 - 24] ?? Number.NaN;
  });
}

function ridged(readings: Readings, station: number, { first, hours }: Range, ridge: Ridge): Forecasts {
  const [series, mean] = [readings.values_kw[station] ?? new Float64Array(0), readings.means_kw[station] ?? Number.NaN];
  const forecasts = new Float64Array((hours + LEADS) * LEADS);
  const x = new Float64Array(featureCount(ridge.set));
  for (let i = 0; i < hours + LEADS; i++) {
    const issue = first - LEADS + i;
    writeFeatures(ridge.set, series, { issue, issue_h: readings.start_h + issue, mean }, x);
    for (let lead = 1; lead <= LEADS; lead++) forecasts[i * LEADS + lead - 1] = mean * predict(ridge, lead, x);
  }
  return forecasts;
}

function addLosses(
  { models: all, hours }: Losses,
  model: Model,
  station: number,
  readings: Readings,
  range: Range,
  forecasts: Forecasts,
): void {
  const series = readings.values_kw[station] ?? forecasts;
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
  for (let h = 0; h < losses.hours; h++)
    losses.differences[pair].set(sums.subarray(3 * h, 3 * h + 3), 3 * (h * losses.stations + station));
}
