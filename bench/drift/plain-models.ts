import type { Telemetry } from '../../core/telemetry.ts';

/** What a model's forecast of target hour t is made of: hours of the past, averaged. */
export type PlainModel = { name: string; lags_h: readonly number[] };

/**
 * Two models without training, one quick to follow a change and one that takes four weeks. No lead of theirs needs a reading younger than a day, so
 * that all 24 leads of a target hour are the same forecast, and its loss is one absolute error.
 */
export const plainModels: readonly PlainModel[] = [
  { name: 'seasonal 24 h', lags_h: [24] },
  { name: 'mean of 4 weeks', lags_h: [168, 336, 504, 672] },
];

/** Hours before the first forecast, and those that give m_s: as many as a backtest has. */
export const WARM_HOURS = 672;
export const SCALE_HOURS = 24 * 90;
export const FIRST_JUDGED = WARM_HOURS + SCALE_HOURS;

/** |forecast - reading| of hour t; NaN where either is missing. */
export function lossAt(readings_kw: Float64Array, { lags_h }: PlainModel, t: number): number {
  const forecast_kw = lags_h.reduce((sum, lag) => sum + (readings_kw[t - lag] ?? Number.NaN), 0) / lags_h.length;
  return Math.abs(forecast_kw - (readings_kw[t] ?? Number.NaN));
}

/** A model's L/m_s of every hour from FIRST_JUDGED on, one series per station that has a scale, and their mean. */
export type ModelLosses = {
  model: PlainModel;
  stations: { station: number; m_kw: number; losses: Float64Array }[];
  fleet: Float64Array;
};

/** A telemetry set with both models' losses. */
export type World = { telemetry: Telemetry; models: ModelLosses[] };

export function worldOf(telemetry: Telemetry): World {
  const models = plainModels.map((model) => {
    const stations = telemetry.values_kw.flatMap((readings_kw, station) => scaled(readings_kw, station, model));
    return { model, stations, fleet: fleetMean(stations.map(({ losses }) => losses)) };
  });
  return { telemetry, models };
}

function scaled(readings_kw: Float64Array, station: number, model: PlainModel): ModelLosses['stations'] {
  const losses = Float64Array.from({ length: readings_kw.length - WARM_HOURS }, (_, i) =>
    lossAt(readings_kw, model, WARM_HOURS + i),
  );
  const m_kw = meanOf(losses.subarray(0, SCALE_HOURS));
  if (!(m_kw > 0)) return [];
  return [{ station, m_kw, losses: losses.subarray(SCALE_HOURS).map((loss) => loss / m_kw) }];
}

/** Mean over stations, hour by hour, of series of one length. */
export function fleetMean(series: readonly Float64Array[]): Float64Array {
  return Float64Array.from({ length: series[0]?.length ?? 0 }, (_, t) =>
    meanOf(Float64Array.from(series, (losses) => losses[t] ?? Number.NaN)),
  );
}

/** Mean of what is not missing. */
function meanOf(values: Float64Array): number {
  let [sum, n] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    n++;
  }
  return sum / n;
}
