import { LEADS } from '../../core/record.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { fitForecasters, fittedHours, type Forecaster as StationForecaster } from '../judge/forecasters.ts';
import { type Model, pairNames, pairs } from '../judge/models.ts';
import type { Forecaster, Range } from './compare.ts';

/** A candidate beside a stable, and how alike they are. */
export type ModelPair = { name: string; candidate: Forecaster; stable: Forecaster };

/** Whole UTC days after the hours that the ridges are fitted on. */
export function judgedRange(telemetry: Telemetry): Range {
  const { start_h, hours } = telemetry;
  const from_h = 24 * Math.ceil((start_h + fittedHours(telemetry) + LEADS) / 24) + 1;
  const days = Math.floor((start_h + hours - from_h) / 24);
  return { from_h, to_h: from_h + 24 * days - 1 };
}

/** The design's three pairs, of stations without gaps: each ridge is fitted before the first judged hour. */
export function modelPairs(telemetry: Telemetry): ModelPair[] {
  const forecasters = fitForecasters(telemetry);
  const of = (model: Model) => eachHour(telemetry, forecasters[model]);
  return pairNames.map((name) => ({ name, candidate: of(pairs[name].candidate), stable: of(pairs[name].stable) }));
}

function eachHour({ start_h, stations }: Telemetry, write: StationForecaster): Forecaster {
  return async (from_h, to_h) =>
    Array.from({ length: to_h - from_h }, (_, i) => {
      const values_kw = new Float64Array(stations.length * LEADS);
      for (const s of stations.keys()) write(from_h - start_h + i, s, values_kw.subarray(s * LEADS, (s + 1) * LEADS));
      return values_kw;
    });
}
