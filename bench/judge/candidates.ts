import { InputError } from '../../core/input-error.ts';
import { LEADS } from '../../core/record.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { featureCount, type Readings, writeFeatures } from './features.ts';
import { fitRidge, predict, type Ridge } from './ridge.ts';

export const models = ['seasonal', 'ridge', 'rich', 'retrained'] as const;
export type Model = (typeof models)[number];
/** Which leads a target hour's loss is of. */
export const leadModes = ['lead 24', 'leads 1-24'] as const;
export type LeadMode = (typeof leadModes)[number];

/** Absolute errors of every model, out of sample, over whole UTC days: `[station * hours + hour]`, in memory that workers share. */
export type Losses = {
  name: string;
  stations: number;
  hours: number;
  models: Record<Model, Record<LeadMode, Float64Array>>;
};

/** The share of a set that the ridges are fitted on: its first half; the rest is judged. */
const FITTED_SHARE = 0.5;
const LEAST_DAYS = 60;

/**
 * Errors of four forecasters on the second half of a set: seasonal 24 h, a ridge, one with more features, and the first again, fitted
 * without the first two months. The ridges are fitted on the first half. Stations with a missing reading are left out.
 */
export function candidateLosses(telemetry: Telemetry): Losses {
  const fitted = Math.floor(telemetry.hours * FITTED_SHARE);
  const readings = wholeStations(telemetry, fitted);
  // Hours are named by their end: a UTC day begins with the hour that ends at 01:00.
  const first = fitted + LEADS + ((25 - ((telemetry.start_h + fitted + LEADS) % 24)) % 24);
  const hours = 24 * Math.floor((telemetry.hours - first) / 24);
  if (hours < 24 * LEAST_DAYS)
    throw new InputError([
      {
        place: telemetry.name,
        message: `has ${telemetry.hours} hours`,
        fix: `give at least ${2 * LEAST_DAYS + 31} days`,
      },
    ]);
  const range = { first, hours };
  const month = 30 * 24;
  const ridges = {
    ridge: fitRidge(readings, 'plain', { from: 0, to: fitted }),
    rich: fitRidge(readings, 'rich', { from: 0, to: fitted }),
    retrained: fitRidge(readings, 'plain', { from: 2 * month, to: fitted }),
  };
  return {
    name: telemetry.name,
    stations: readings.values_kw.length,
    hours,
    models: {
      seasonal: seasonalLosses(readings, range),
      ridge: ridgeLosses(readings, range, ridges.ridge),
      rich: ridgeLosses(readings, range, ridges.rich),
      retrained: ridgeLosses(readings, range, ridges.retrained),
    },
  };
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

type Range = { first: number; hours: number };

function shared(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(8 * length));
}

function seasonalLosses({ values_kw }: Readings, { first, hours }: Range): Record<LeadMode, Float64Array> {
  const losses = shared(values_kw.length * hours);
  for (const [s, series] of values_kw.entries())
    for (let h = 0; h < hours; h++)
      losses[s * hours + h] = Math.abs((series[first + h] ?? Number.NaN) - (series[first + h - 24] ?? Number.NaN));
  // The same reading is the forecast at every lead.
  return { 'lead 24': losses, 'leads 1-24': losses };
}

function ridgeLosses(readings: Readings, { first, hours }: Range, ridge: Ridge): Record<LeadMode, Float64Array> {
  const cells = readings.values_kw.length * hours;
  const losses = { 'lead 24': shared(cells), 'leads 1-24': shared(cells) };
  const x = new Float64Array(featureCount(ridge.set));
  for (const [s, series] of readings.values_kw.entries()) {
    const mean = readings.means_kw[s] ?? Number.NaN;
    for (let issue = first - LEADS; issue < first + hours - 1; issue++) {
      writeFeatures(ridge.set, series, { issue, issue_h: readings.start_h + issue, mean }, x);
      for (let lead = 1; lead <= LEADS; lead++) {
        const hour = issue + lead - first;
        if (hour < 0 || hour >= hours) continue;
        const error = Math.abs(mean * predict(ridge, lead, x) - (series[issue + lead] ?? Number.NaN));
        const cell = s * hours + hour;
        losses['leads 1-24'][cell] = (losses['leads 1-24'][cell] ?? 0) + error / LEADS;
        if (lead === LEADS) losses['lead 24'][cell] = error;
      }
    }
  }
  return losses;
}
