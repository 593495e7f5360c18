import { LEADS } from '../core/record.ts';
import { HISTORY_HOURS, type Telemetry } from '../core/telemetry.ts';
import type { Network } from './backends/backend.ts';
import { dense } from './dense.ts';
import { conformalMargin } from './interval.ts';
import { forecastRange } from './offline.ts';
import { scaleOf } from './predictors/scale.ts';
import { isWithheld } from './samples.ts';

/** Coprime to 24, so that every hour of the day is among the issue hours. */
const STRIDE_H = 11;

/**
 * Half the width of a network's interval by lead, in units of the station's scale: the conformal quantile of its absolute errors over all
 * stations in those of the set's first `hours` hours that were withheld from its training.
 */
export async function denseMargins(network: Network, telemetry: Telemetry, hours: number): Promise<number[]> {
  const { start_h, stations, values_kw } = telemetry;
  const errors = Array.from({ length: LEADS }, (): number[] => []);
  const [from_h, to_h] = [start_h + HISTORY_HOURS, start_h + hours - LEADS];
  await forecastRange(
    dense(network),
    telemetry,
    from_h,
    to_h,
    (block) => {
      for (let row = 0; row < block.hours * stations.length; row++) {
        const readings = values_kw[row % stations.length] ?? new Float64Array();
        const issue = block.from_h + Math.floor(row / stations.length) * block.stride_h - start_h;
        const scale_kw = scaleOf(readings.subarray(issue + 1 - HISTORY_HOURS, issue + 1));
        for (const [k, of_lead] of errors.entries()) {
          const target = issue + 1 + k;
          const error_kw = Math.abs((readings[target] ?? Number.NaN) - (block.values_kw[row * LEADS + k] ?? 0));
          if (isWithheld(target) && !Number.isNaN(error_kw)) of_lead.push(error_kw / scale_kw);
        }
      }
    },
    { stride_h: STRIDE_H },
  );
  return errors.map((of_lead) => conformalMargin(Float64Array.from(of_lead)));
}
