import { LEADS } from '../../core/record.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { featureCount, type Readings, writeFeatures } from '../judge/features.ts';
import { fitRidge, predict, type Ridge } from '../judge/ridge.ts';
import type { Forecaster, Range } from './compare.ts';

/** A candidate beside a stable, and how alike they are. */
export type ModelPair = { name: string; candidate: Forecaster; stable: Forecaster };

/** The share of a set that the ridges are fitted on; the rest is judged. */
const FITTED_SHARE = 0.5;
const FIRST_MONTHS_H = 60 * 24;

/** Stations that have every reading: a ridge has no way to fill in. */
export function wholeStations(telemetry: Telemetry): Telemetry {
  const whole = telemetry.values_kw.map((series) => series.every(Number.isFinite));
  return {
    ...telemetry,
    stations: telemetry.stations.filter((_s, i) => whole[i]),
    values_kw: telemetry.values_kw.filter((_v, i) => whole[i]),
  };
}

/** Whole UTC days after the hours that the ridges are fitted on. */
export function judgedRange({ start_h, hours }: Telemetry): Range {
  const from_h = 24 * Math.ceil((start_h + Math.floor(hours * FITTED_SHARE) + LEADS) / 24) + 1;
  const days = Math.floor((start_h + hours - from_h) / 24);
  return { from_h, to_h: from_h + 24 * days - 1 };
}

/** The design's three pairs, of stations without gaps: each ridge is fitted before the first judged hour. */
export function modelPairs(telemetry: Telemetry): ModelPair[] {
  const to = Math.floor(telemetry.hours * FITTED_SHARE);
  const means_kw = telemetry.values_kw.map((series) => series.subarray(0, to).reduce((sum, kw) => sum + kw, 0) / to);
  const readings = {
    start_h: telemetry.start_h,
    values_kw: telemetry.values_kw,
    means_kw: Float64Array.from(means_kw),
  };
  const of = (ridge: Ridge) => ridgeForecaster(readings, ridge);
  const plain = of(fitRidge(readings, 'plain', { from: 0, to }));
  const rich = of(fitRidge(readings, 'rich', { from: 0, to }));
  const retrained = of(fitRidge(readings, 'plain', { from: FIRST_MONTHS_H, to }));
  return [
    { name: 'dissimilar', candidate: plain, stable: seasonalForecaster(readings) },
    { name: 'similar', candidate: rich, stable: plain },
    { name: 'near-identical', candidate: retrained, stable: plain },
  ];
}

function ridgeForecaster({ start_h, values_kw, means_kw }: Readings, ridge: Ridge): Forecaster {
  const x = new Float64Array(featureCount(ridge.set));
  return eachHour(values_kw.length, (issue_h, s, out) => {
    const [series, mean] = [values_kw[s] ?? x, means_kw[s] ?? Number.NaN];
    writeFeatures(ridge.set, series, { issue: issue_h - start_h, issue_h, mean }, x);
    for (let lead = 1; lead <= LEADS; lead++) out[lead - 1] = mean * predict(ridge, lead, x);
  });
}

/** Seasonal 24 h. */
function seasonalForecaster({ start_h, values_kw }: Readings): Forecaster {
  return eachHour(values_kw.length, (issue_h, s, out) => {
    for (let lead = 1; lead <= LEADS; lead++)
      out[lead - 1] = values_kw[s]?.[issue_h - start_h + lead - 24] ?? Number.NaN;
  });
}

function eachHour(stations: number, write: (issue_h: number, station: number, out: Float64Array) => void): Forecaster {
  return async (from_h, to_h) =>
    Array.from({ length: to_h - from_h }, (_, i) => {
      const values_kw = new Float64Array(stations * LEADS);
      for (let s = 0; s < stations; s++) write(from_h + i, s, values_kw.subarray(s * LEADS, (s + 1) * LEADS));
      return values_kw;
    });
}
