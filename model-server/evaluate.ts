import { LEADS } from '../core/record.ts';
import { isoOfHour, type Telemetry } from '../core/telemetry.ts';
import type { HeldOutMetrics } from './manifest.ts';
import { type ForecastBlock, forecastRange } from './offline.ts';
import type { Predictor } from './predictor.ts';

/** Every fifth hour: it meets every hour of the day, at a fifth of the cost. */
export const STRIDE_H = 5;

/** Sums over one station's forecasts; a target hour that is missing enters none of them. */
export type StationErrors = { error: number; size: number; count: number };

/** Absolute errors per station of the forecasts issued from `from_h` up to, not including, `to_h`, times `factor`. */
export async function stationErrors(
  predictor: Predictor,
  telemetry: Telemetry,
  from_h: number,
  to_h: number,
): Promise<StationErrors[]> {
  const sums = telemetry.stations.map(() => ({ error: 0, size: 0, count: 0 }));
  const add = (block: ForecastBlock) =>
    eachTarget(block, telemetry, (station, forecast_kw, actual_kw) => {
      const sum = sums[station];
      if (sum === undefined) return;
      sum.error += Math.abs(forecast_kw - actual_kw);
      sum.size += Math.abs(actual_kw);
      sum.count++;
    });
  await forecastRange(predictor, telemetry, from_h, to_h, add, { stride_h: STRIDE_H });
  return sums;
}

/** Calls `use` for each forecast value whose actual reading is known. */
export function eachTarget(
  { from_h, stride_h, hours, values_kw }: ForecastBlock,
  telemetry: Telemetry,
  use: (station: number, forecast_kw: number, actual_kw: number) => void,
): void {
  const stations = telemetry.stations.length;
  for (let row = 0; row < hours * stations; row++) {
    const station = row % stations;
    const issue = from_h + Math.floor(row / stations) * stride_h - telemetry.start_h;
    for (let lead = 1; lead <= LEADS; lead++) {
      const actual_kw = telemetry.values_kw[station]?.[issue + lead] ?? Number.NaN;
      if (!Number.isNaN(actual_kw)) use(station, values_kw[row * LEADS + lead - 1] ?? Number.NaN, actual_kw);
    }
  }
}

export async function heldOut(
  model: Predictor,
  control: Predictor,
  telemetry: Telemetry,
  from_h: number,
): Promise<HeldOutMetrics> {
  const to_h = telemetry.start_h + telemetry.hours - LEADS;
  const ours = await stationErrors(model, telemetry, from_h, to_h);
  const theirs = await stationErrors(control, telemetry, from_h, to_h);
  // A station without a single reading, or that stands still at zero, cannot be compared.
  const compared = ours.flatMap((our, station) => {
    const their = theirs[station];
    return their && our.size > 0 && their.error > 0 ? [{ our: our.error, their: their.error, size: our.size }] : [];
  });
  const mean = (of: (row: (typeof compared)[number]) => number) =>
    compared.reduce((sum, row) => sum + of(row), 0) / compared.length;
  const nmae = mean(({ our, size }) => our / size);
  const nmae_control = mean(({ their, size }) => their / size);
  return {
    from: isoOfHour(from_h),
    to: isoOfHour(to_h),
    nmae,
    nmae_control,
    gain: 1 - nmae / nmae_control,
    mae_ratio: mean(({ our, their }) => our / their),
    stations: compared.length,
    stations_worse: compared.filter(({ our, their }) => our > their).length,
  };
}
