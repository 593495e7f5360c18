import type { Gate } from '../core/gate.ts';
import { accuracy } from './accuracy.ts';
import { accuracySafe } from './accuracy-safe.ts';
import { backtest } from './backtest.ts';
import { consistency } from './consistency.ts';
import { cpu } from './cpu.ts';
import { errors } from './errors.ts';
import { fallback } from './fallback.ts';
import { fresh } from './fresh.ts';
import { labelCoverage } from './label-coverage.ts';
import { latency } from './latency.ts';
import { latencyExceedance } from './latency-exceedance.ts';
import { memory } from './memory.ts';
import { pairCoverage } from './pair-coverage.ts';
import { parity } from './parity.ts';
import { restarts } from './restarts.ts';
import { sampleRatio } from './sample-ratio.ts';
import { valid } from './valid.ts';

/**
 * Every gate there is, in the order that reports show them. Frozen and non-finite forecasts also differ from their recomputation: the gates that
 * name the fault come before the one that only sees it, since of gates that fail together the first is the stated reason. So do restarts and a leak,
 * which make pods slow.
 */
export const allGates: readonly Gate[] = [
  ...[backtest, accuracy, accuracySafe, valid, fresh, parity, consistency, pairCoverage, labelCoverage],
  ...[restarts, memory, latency, latencyExceedance, errors, fallback, cpu, sampleRatio],
];

/**
 * The gates that judge a release. A backtest that said safe or win has ruled the loss out; without one the live guard must, and there is nothing
 * to be consistent with.
 */
export function gatesFor({ backtested }: { backtested: boolean }): Gate[] {
  return allGates.filter((gate) => gate !== (backtested ? accuracySafe : consistency));
}
