import { LEADS } from '../../core/record.ts';
import { HISTORY_HOURS } from '../../core/telemetry.ts';
import type { Forecast } from '../predictor.ts';

const DAY_H = 24;

/** A station that hardly ever changes still has a scale: this share of its mean size. */
const LEAST_OF_SIZE = 1e-3;

/** How much a station's reading usually differs from the day before, by its history: what errors are measured in. 1 where nothing is known. */
export function scaleOf(history_kw: Float64Array): number {
  let [change, pairs, size, known] = [0, 0, 0, 0];
  for (let i = 0; i < HISTORY_HOURS; i++) {
    const value = history_kw[i] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    known++;
    size += Math.abs(value);
    const before = history_kw[i - DAY_H] ?? Number.NaN;
    if (Number.isNaN(before)) continue;
    pairs++;
    change += Math.abs(value - before);
  }
  return Math.max(pairs > 0 ? change / pairs : 0, known > 0 ? (LEAST_OF_SIZE * size) / known : 0) || 1;
}

/** The least that can be forecast: a station that never fed back in its history will not start to. */
export function floorOf(history_kw: Float64Array): number {
  for (const value of history_kw) if (value < 0) return Number.NEGATIVE_INFINITY;
  return 0;
}

/** Writes the interval of one row around its values: `margins` by lead, in units of the scale. */
export function fillInterval(
  { values_kw, low_kw, high_kw }: Forecast,
  row: number,
  history_kw: Float64Array,
  margins: ArrayLike<number>,
): void {
  const scale_kw = scaleOf(history_kw);
  const floor_kw = floorOf(history_kw);
  for (let k = 0; k < LEADS; k++) {
    const at = row * LEADS + k;
    const value_kw = values_kw[at] ?? Number.NaN;
    const margin_kw = (margins[k] ?? Number.NaN) * scale_kw;
    low_kw[at] = Math.max(floor_kw, value_kw - margin_kw);
    high_kw[at] = value_kw + margin_kw;
  }
}
