import type { Telemetry } from '../core/telemetry.ts';

/** A model sees this first part of a telemetry set; backtest and rehearsal use the rest. */
export const trainFraction = 0.6;

/** Rows that a model is trained on. */
export function trainingHours(telemetry: Telemetry): number {
  return Math.floor(telemetry.hours * trainFraction);
}
