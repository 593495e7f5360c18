import type { IssueDifference } from './differences.ts';
import type { HourMeans } from './hour-means.ts';

/** The latest values of consecutive hours; a gap empties it. Plain, so that it can be kept as JSON. */
export type Recent = { hour: number | null; values: number[] };

export const noneRecent = (): Recent => ({ hour: null, values: [] });

function take(recent: Recent, hour: number, value: number, most: number): void {
  if (recent.hour !== hour - 1) recent.values = [];
  recent.hour = hour;
  recent.values.push(value);
  if (recent.values.length > most) recent.values.shift();
}

/** Sum of the last `n` values; null until there are so many. Summed anew each time: no rounding piles up, whatever came before. */
function sumOfLast(recent: Recent, n: number): number | null {
  if (recent.values.length < n) return null;
  let sum = 0;
  for (let i = recent.values.length - n; i < recent.values.length; i++) sum += recent.values[i] ?? Number.NaN;
  return sum;
}

/** Means of the label-free differences for each hour of the day at which forecasts are issued, from the backtest. */
export type Level = { bias: number[]; log_distance: number[] };

export const labelFreeAlarms = ['bias-1h', 'bias-6h', 'distance-1h', 'distance-6h'] as const;
export type LabelFreeValues = Record<(typeof labelFreeAlarms)[number], number | null>;

const LONG_WINDOW_HOURS = 6;

export type IssueWindows = { bias: Recent; log_distance: Recent };

/** What is left of the differences after the usual of the hour of day, alone and as the mean of six hours. */
export function labelFree(
  windows: IssueWindows,
  level: Level,
  issue_h: number,
  difference: IssueDifference,
): LabelFreeValues {
  const of = (name: keyof Level) => {
    const usual = level[name][issue_h % 24] ?? Number.NaN;
    take(windows[name], issue_h, difference[name] - usual, LONG_WINDOW_HOURS);
    const sum = sumOfLast(windows[name], LONG_WINDOW_HOURS);
    return { short: sumOfLast(windows[name], 1), long: sum === null ? null : sum / LONG_WINDOW_HOURS };
  };
  const [bias, distance] = [of('bias'), of('log_distance')];
  return {
    'bias-1h': bias.short,
    'bias-6h': bias.long,
    'distance-1h': distance.short,
    'distance-6h': distance.long,
  };
}

const LOSS_WINDOW_HOURS = 24;

/** A loss sum of nothing at all still has a logarithm. */
const LEAST_LOSS = 1e-9;

export type LossWindows = { candidate: Recent; stable: Recent };

/** ln of the ratio of both sides' loss sums over the last 24 hours; null until those are complete. At hour 24 of a UTC day it is the day's. */
export function lossRatio(windows: LossWindows, target_h: number, losses: HourMeans): number | null {
  take(windows.candidate, target_h, losses.candidate, LOSS_WINDOW_HOURS);
  take(windows.stable, target_h, losses.stable, LOSS_WINDOW_HOURS);
  const [a, b] = [sumOfLast(windows.candidate, LOSS_WINDOW_HOURS), sumOfLast(windows.stable, LOSS_WINDOW_HOURS)];
  return a === null || b === null ? null : Math.log(Math.max(a, LEAST_LOSS) / Math.max(b, LEAST_LOSS));
}

/** Hours are named by their end: a UTC day ends with the hour whose number divides by 24. */
export function endsDay(target_h: number): boolean {
  return target_h % 24 === 0;
}
