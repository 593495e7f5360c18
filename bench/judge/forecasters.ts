import { LEADS } from '../../core/record.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { featureCount, type Readings, writeFeatures } from './features.ts';
import type { Model } from './models.ts';
import { fitRidge, predict, type Ridge } from './ridge.ts';

/** The share of a set that the ridges are fitted on: its first half; the rest is judged. */
const FITTED_SHARE = 0.5;
/** What the retrained ridge never saw: the first two months. */
const UNSEEN_HOURS = 60 * 24;

/** Writes one station's forecast issued at row `issue` of the set: `out[lead - 1]`, in kW. */
export type Forecaster = (issue: number, station: number, out: Float64Array) => void;

/** Rows of the set that the ridges are fitted on. */
export function fittedHours({ hours }: Pick<Telemetry, 'hours'>): number {
  return Math.floor(hours * FITTED_SHARE);
}

/** Stations that have every reading: a ridge has no way to fill in. */
export function wholeStations(telemetry: Telemetry): Telemetry {
  const whole = telemetry.values_kw.map((series) => series.every(Number.isFinite));
  return {
    ...telemetry,
    stations: telemetry.stations.filter((_s, i) => whole[i]),
    values_kw: telemetry.values_kw.filter((_v, i) => whole[i]),
  };
}

/** Four forecasters of a set without gaps: seasonal 24 h, a ridge, one with more features, and the first again, fitted on fewer months. */
export function fitForecasters(telemetry: Telemetry): Record<Model, Forecaster> {
  const to = fittedHours(telemetry);
  const { start_h, values_kw } = telemetry;
  const means_kw = Float64Array.from(
    values_kw,
    (series) => series.subarray(0, to).reduce((sum, kw) => sum + kw, 0) / to,
  );
  const readings: Readings = { start_h, values_kw, means_kw };
  return {
    seasonal: seasonal(readings),
    ridge: ridged(readings, fitRidge(readings, 'plain', { from: 0, to })),
    rich: ridged(readings, fitRidge(readings, 'rich', { from: 0, to })),
    retrained: ridged(readings, fitRidge(readings, 'plain', { from: UNSEEN_HOURS, to })),
  };
}

function seasonal({ values_kw }: Readings): Forecaster {
  return (issue, station, out) => {
    for (let lead = 1; lead <= LEADS; lead++) out[lead - 1] = values_kw[station]?.[issue + lead - 24] ?? Number.NaN;
  };
}

function ridged({ start_h, values_kw, means_kw }: Readings, ridge: Ridge): Forecaster {
  const x = new Float64Array(featureCount(ridge.set));
  return (issue, station, out) => {
    const [series, mean] = [values_kw[station] ?? x, means_kw[station] ?? Number.NaN];
    writeFeatures(ridge.set, series, { issue, issue_h: start_h + issue, mean }, x);
    for (let lead = 1; lead <= LEADS; lead++) out[lead - 1] = mean * predict(ridge, lead, x);
  };
}
