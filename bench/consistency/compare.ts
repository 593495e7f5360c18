import type { ConsistencySeries } from '../../core/judge/consistency-constants.ts';
import { IssueDifferences } from '../../core/judge/differences.ts';
import { pairLosses, StationHourLosses } from '../../core/judge/losses.ts';
import { LEADS } from '../../core/record.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import type { Fault, Issued } from './faults.ts';

/** Forecasts of every station at each issue hour from `from_h` up to, not including, `to_h`: `[station * LEADS + lead - 1]`, in kW. */
export type Forecaster = (from_h: number, to_h: number) => Promise<Float64Array[]>;

export type Range = { from_h: number; to_h: number };

/** Days whose forecasts are held at once. */
const HOURS_AT_ONCE = 72;

/**
 * The candidate beside the stable over a range of target hours, once for each fault, as a backtest compares them. All are scaled by the honest
 * stable's error over the range, which the faults do not touch.
 */
export async function compare(
  telemetry: Telemetry,
  models: { candidate: Forecaster; stable: Forecaster },
  range: Range,
  faults: readonly Fault[],
): Promise<ConsistencySeries[]> {
  const stable = new StationHourLosses(telemetry, range);
  const variants = faults.map((fault) => ({
    fault,
    losses: new StationHourLosses(telemetry, range),
    differences: new IssueDifferences(),
  }));
  for (let h = range.from_h - LEADS; h < range.to_h; h += HOURS_AT_ONCE) {
    const to_h = Math.min(h + HOURS_AT_ONCE, range.to_h);
    const stable_kw = await models.stable(h, to_h);
    const candidate_kw = await models.candidate(h, to_h);
    for (const [i, forecast_kw] of candidate_kw.entries()) {
      const beside_kw = stable_kw[i] ?? new Float64Array(0);
      addHour(stable, h + i, beside_kw);
      const issued: Issued = { forecast_kw, truth_kw: truthOf(telemetry, h + i) };
      for (const { fault, losses, differences } of variants) {
        const values_kw = fault.apply(issued);
        addHour(losses, h + i, values_kw);
        differences.add(h + i, values_kw, beside_kw);
      }
    }
  }
  return variants.map(({ losses, differences }) => {
    const paired = pairLosses(losses, stable);
    const scale_kw = telemetry.stations.map(({ station_id }) => paired.scale_kw[station_id] ?? Number.NaN);
    return { hours: paired.hours, issues: differences.series(Float64Array.from(scale_kw)) };
  });
}

function addHour(losses: StationHourLosses, issue_h: number, values_kw: Float64Array): void {
  for (let s = 0; s * LEADS < values_kw.length; s++)
    losses.add(issue_h, s, values_kw.subarray(s * LEADS, (s + 1) * LEADS));
}

function truthOf({ values_kw, start_h }: Telemetry, issue_h: number): Float64Array {
  return Float64Array.from(
    { length: values_kw.length * LEADS },
    (_, i) => values_kw[Math.floor(i / LEADS)]?.[issue_h + 1 + (i % LEADS) - start_h] ?? Number.NaN,
  );
}

/** A share of one model's forecast and the rest of another's: the nearer to 0 or 1, the more alike it is to one of them. */
export function mixed(a: Forecaster, b: Forecaster, share_of_b: number): Forecaster {
  return async (from_h, to_h) => {
    const [of_a, of_b] = [await a(from_h, to_h), await b(from_h, to_h)];
    const value = (i: number, at: number) => of_b[i]?.[at] ?? Number.NaN;
    return of_a.map((values_kw, i) => values_kw.map((x, at) => (1 - share_of_b) * x + share_of_b * value(i, at)));
  };
}
