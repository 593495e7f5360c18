import { IssueDifferences, type IssueSeries } from '../../core/judge/differences.ts';
import { type PairedLosses, pairLosses, StationHourLosses, type Truth } from '../../core/judge/losses.ts';
import { lossCoverage, type PartCoverage } from '../../core/judge/part-coverage.ts';
import { LEADS } from '../../core/record.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import type { Lateness } from '../../model-server/known-hours.ts';
import { type ForecastBlock, offlineForecasts } from '../../model-server/offline.ts';
import type { Predictor } from '../../model-server/predictor.ts';

/** Issue hours whose forecasts of all versions are held together: enough for full batches, little beside the losses. */
const HOURS_AT_ONCE = 72;

/** What is forecast, from which inputs, and what it is held against; target hours `from_h` to `to_h` inclusive. */
export type Course = {
  telemetry: Telemetry;
  truth: Truth;
  lateness: Lateness;
  range: { from_h: number; to_h: number };
};

/** One arm of the candidate; `name` null: it has this one only. */
export type Arm = { name: string | null; predictor: Predictor };

export type ComparedArm = Arm & { losses: PairedLosses; issues: IssueSeries; coverage: PartCoverage };

/** Forecasts the stable version and every arm side by side, a few days at a time: together with their losses, how they differ is known. */
export async function compareArms(course: Course, stable: Predictor, arms: readonly Arm[]): Promise<ComparedArm[]> {
  const { range, truth } = course;
  const its = side(course, stable);
  const sides = arms.map((arm) => ({ arm, ...side(course, arm.predictor), differences: new IssueDifferences() }));
  for (let h = range.from_h - LEADS; h < range.to_h; h += HOURS_AT_ONCE) {
    const to_h = Math.min(h + HOURS_AT_ONCE, range.to_h);
    const stable_kw = await its.forecast(h, to_h);
    for (const { forecast, differences } of sides)
      for (const [i, values_kw] of (await forecast(h, to_h)).entries())
        differences.add(h + i, values_kw, stable_kw[i] ?? new Float64Array(0));
  }
  return sides.map(({ arm, losses, differences }) => {
    const paired = pairLosses(losses, its.losses);
    const scale_kw = truth.stations.map(({ station_id }) => paired.scale_kw[station_id] ?? Number.NaN);
    const issues = differences.series(Float64Array.from(scale_kw));
    return { ...arm, losses: paired, issues, coverage: lossCoverage(losses, its.losses) };
  });
}

/** One version: forecasts a range of issue hours, one array of all stations each, and adds up its losses. */
function side({ telemetry, truth, lateness, range }: Course, predictor: Predictor) {
  const losses = new StationHourLosses(truth, range);
  const size = truth.stations.length * LEADS;
  const forecasts = offlineForecasts(predictor, telemetry, { lateness });
  const forecast = async (from_h: number, to_h: number) => {
    const hours: Float64Array[] = [];
    const onBlock = (block: ForecastBlock) => {
      for (let i = 0; i < block.hours; i++) {
        const values_kw = block.values_kw.subarray(i * size, (i + 1) * size);
        hours.push(values_kw);
        for (const s of truth.stations.keys())
          losses.add(block.from_h + i, s, values_kw.subarray(s * LEADS, (s + 1) * LEADS));
      }
    };
    await forecasts(from_h, to_h, onBlock);
    return hours;
  };
  return { losses, forecast };
}
