/**
 * How well plain methods forecast a set: `node telemetry/baselines.ts [DIR] [TEST_HOURS]`.
 * 24 leads, issued every hour of the last TEST_HOURS (default: a third of the set, 4 months of a year); mean over the stations of
 * the mean absolute error, in % of the station's mean over those hours. telemetry/README.md has the figures of the embedded set.
 */

import { LEADS } from '../core/record.ts';
import type { Telemetry } from '../core/telemetry.ts';
import { embeddedTelemetry, readTelemetry } from './read.ts';

type Method = (history: Float64Array, issue: number, lead: number) => number;

const at = (history: Float64Array, i: number) => history[i] ?? Number.NaN;
const methods: Record<string, Method> = {
  persistence: (history, issue) => at(history, issue),
  'seasonal 24 h': (history, issue, lead) => at(history, issue + lead - 24),
  'seasonal 168 h': (history, issue, lead) => at(history, issue + lead - 168),
  'mean of 4 same hours of week': (history, issue, lead) =>
    [1, 2, 3, 4].reduce((sum, week) => sum + at(history, issue + lead - 168 * week) / 4, 0),
};

/** Mean over the stations of MAE / mean, where both target and forecast are there. */
export function nmaePercent(telemetry: Telemetry, method: Method, test_hours: number): number {
  const scores = telemetry.values_kw.map((history) => {
    const first = telemetry.hours - test_hours;
    let loss = 0;
    let judged = 0;
    for (let issue = first; issue < telemetry.hours; issue += 1)
      for (let lead = 1; lead <= LEADS; lead += 1) {
        const error = Math.abs(method(history, issue, lead) - at(history, issue + lead));
        if (Number.isNaN(error)) continue;
        loss += error;
        judged += 1;
      }
    const known = history.subarray(first).filter((kw) => !Number.isNaN(kw));
    return loss / judged / (known.reduce((sum, kw) => sum + kw, 0) / known.length);
  });
  return (100 * scores.reduce((sum, score) => sum + score, 0)) / scores.length;
}

if (import.meta.main) {
  const [folder = embeddedTelemetry, hours] = process.argv.slice(2);
  const telemetry = await readTelemetry(folder);
  const test_hours = hours === undefined ? Math.floor(telemetry.hours / 3) : Number(hours);
  for (const [name, method] of Object.entries(methods))
    console.log(`${name.padEnd(30)} ${nmaePercent(telemetry, method, test_hours).toFixed(1)} %`);
}
