import { BACKTEST, lookAtDays } from '../../core/judge/backtest.ts';
import { stationaryBootstrap } from '../../core/judge/bootstrap.ts';
import { consistencyOf } from '../../core/judge/consistency.ts';
import {
  type AlarmName,
  alarmNames,
  type ConsistencySeries,
  consistencyConstants,
} from '../../core/judge/consistency-constants.ts';
import { randomOf } from '../../core/random.ts';
import { assembled, type Days } from './days.ts';

export const LIVE_DAYS = 14;

export type TrialOptions = { runs: number; seed: number; backtest_days: number; mean_block_days: number };

/** What became of many simulated releases with one fault. */
export type Tally = {
  runs: number;
  /** Runs in which any alarm was raised. */
  alarmed: number;
  by_alarm: Record<AlarmName, number>;
  /** Hours of traffic until the first alarm, of the runs that had one, sorted. */
  hours: number[];
};

/**
 * Releases whose backtest is drawn from the honest days, and whose fortnight of shadow is drawn from the days of each variant: one tally per variant.
 * `wrong` counts the runs in which any variant raised an alarm or the backtest's look aborted the candidate, its loss scaled to the stable's over all
 * days: with the honest days as the only variant, the false alarms on an exact tie.
 */
export function trial(honest: Days, variants: readonly Days[], options: TrialOptions) {
  const { runs, seed, backtest_days, mean_block_days } = options;
  const random = randomOf(seed);
  const factor = total(honest.columns.stable) / total(honest.columns.candidate);
  const tallies = variants.map(
    (): Tally => ({
      runs,
      alarmed: 0,
      by_alarm: Object.fromEntries(alarmNames.map((name) => [name, 0])) as Tally['by_alarm'],
      hours: [],
    }),
  );
  let wrong = 0;
  for (let run = 0; run < runs; run++) {
    const before = assembled(honest, stationaryBootstrap(honest.days, backtest_days, mean_block_days, random));
    const order = stationaryBootstrap(honest.days, LIVE_DAYS, mean_block_days, random);
    let alarm = aborts(before, factor);
    const constants = consistencyConstants(before, `${seed} ${run}`);
    for (const [v, variant] of variants.entries()) {
      const { alarms, alarm_h } = consistencyOf(constants, assembled(variant, order));
      const tally = tallies[v];
      if (tally === undefined || alarm_h === null) continue;
      alarm = true;
      tally.alarmed++;
      tally.hours.push(alarm_h);
      for (const name of alarmNames) if (alarms[name]?.exceeded_h != null) tally.by_alarm[name]++;
    }
    if (alarm) wrong++;
  }
  for (const { hours } of tallies) hours.sort((a, b) => a - b);
  return { tallies, wrong };
}

/** Whether the backtest's one look aborts the candidate whose loss is multiplied by `factor`. */
function aborts({ hours }: ConsistencySeries, factor: number): boolean {
  const days = hours.candidate.length / 24;
  const daily = (of: Float64Array, by: number) =>
    Float64Array.from({ length: days }, (_, d) => (by * total(of.subarray(24 * d, 24 * (d + 1)))) / 24);
  const look = lookAtDays({ candidate: daily(hours.candidate, factor), stable: daily(hours.stable, 1) }, 'abort');
  return look.mean - look.margin > BACKTEST.delta;
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Fortnights in the order in which they were, each after the backtest before it: how many raise an alarm although nothing is wrong. */
export function inOrder(honest: Days, backtest_days: number, seed: string): { windows: number; alarmed: number } {
  const windows = Math.max(0, honest.days - backtest_days - LIVE_DAYS + 1);
  let alarmed = 0;
  for (let first = 0; first < windows; first++) {
    const days = (from: number, n: number) =>
      assembled(
        honest,
        Int32Array.from({ length: n }, (_, i) => from + i),
      );
    const constants = consistencyConstants(days(first, backtest_days), seed);
    if (consistencyOf(constants, days(first + backtest_days, LIVE_DAYS)).alarm_h !== null) alarmed++;
  }
  return { windows, alarmed };
}
