import { type DriftConstants, driftConstants } from './consistency-drift.ts';
import {
  endsDay,
  type LabelFreeValues,
  type Level,
  labelFree,
  labelFreeAlarms,
  lossRatio,
  noneRecent,
} from './consistency-windows.ts';
import type { IssueSeries } from './differences.ts';
import type { PairedLosses } from './losses.ts';
import { mean } from './series.ts';

/** The hours of one period: `issues` null where only losses are known. */
export type ConsistencySeries = { hours: PairedLosses['hours']; issues: IssueSeries | null };

/** What behaves otherwise than in the backtest. All but `drift` are looked at every hour, `drift` every day. */
export const alarmNames = [...labelFreeAlarms, 'loss-ratio', 'drift'] as const;
export type AlarmName = (typeof alarmNames)[number];

/** Standard deviation in the backtest, and the largest deviation there in units of it. */
export type Spread = { sd: number; largest: number };

/** All that the live side needs of the backtest: 48 levels and a few numbers. */
export type ConsistencyConstants = {
  /** Null where only losses are known. `size`: mean of |f^s|/m_s, which turns a bias into a share of the load. */
  label_free: (Record<keyof LabelFreeValues, Spread> & { level: Level; size: number }) | null;
  /** Of ln of the ratio of 24 h loss sums. */
  loss_ratio: Spread & { mean: number };
  drift: DriftConstants;
};

const LIMITS = {
  label_free: { least: 4.5, of_largest: 2.75 },
  loss_ratio: { least: 4.5, of_largest: 3.5 },
  drift: { least: 2.8, of_quantile: 1.35 },
} as const;

/** Two versions of one model never differ; a thousandth of m_s or of a loss is nothing for anyone. */
const LEAST_SD = 1e-3;

/** An alarm is raised while z exceeds this; null for an alarm that this backtest cannot raise. */
export function limitOf(constants: ConsistencyConstants, alarm: AlarmName): number | null {
  if (alarm === 'drift') return Math.max(LIMITS.drift.least, LIMITS.drift.of_quantile * constants.drift.quantile);
  const spread = alarm === 'loss-ratio' ? constants.loss_ratio : constants.label_free?.[alarm];
  if (spread === undefined) return null;
  const { least, of_largest } = alarm === 'loss-ratio' ? LIMITS.loss_ratio : LIMITS.label_free;
  return Math.max(least, of_largest * spread.largest);
}

/** Constants from the backtest's hours, by the same windows that run live; `seed`: the release's digest. */
export function consistencyConstants({ issues, hours }: ConsistencySeries, seed: string): ConsistencyConstants {
  const windows = { candidate: noneRecent(), stable: noneRecent() };
  const [ratios, daily]: [number[], number[]] = [[], []];
  for (const [i, target_h] of hours.target_h.entries()) {
    const losses = { candidate: hours.candidate[i] ?? Number.NaN, stable: hours.stable[i] ?? Number.NaN };
    const ratio = lossRatio(windows, target_h, losses);
    if (ratio === null) continue;
    ratios.push(ratio);
    if (endsDay(target_h)) daily.push(ratio);
  }
  const usual = mean(Float64Array.from(ratios));
  return {
    label_free: issues === null ? null : labelFreeConstants(issues),
    loss_ratio: { mean: usual, ...spreadOf(ratios.map((ratio) => ratio - usual)) },
    drift: driftConstants(Float64Array.from(daily), seed),
  };
}

function labelFreeConstants(issues: IssueSeries): ConsistencyConstants['label_free'] {
  const level = { bias: hourMeans(issues, issues.bias), log_distance: hourMeans(issues, issues.log_distance) };
  const windows = { bias: noneRecent(), log_distance: noneRecent() };
  const values: Record<keyof LabelFreeValues, number[]> = {
    'bias-1h': [],
    'bias-6h': [],
    'distance-1h': [],
    'distance-6h': [],
  };
  for (const [i, issue_h] of issues.issue_h.entries()) {
    const difference = {
      bias: issues.bias[i] ?? Number.NaN,
      log_distance: issues.log_distance[i] ?? Number.NaN,
      size: issues.size[i] ?? Number.NaN,
    };
    const found = labelFree(windows, level, issue_h, difference);
    for (const name of labelFreeAlarms) values[name].push(...(found[name] === null ? [] : [found[name]]));
  }
  return {
    level,
    size: mean(issues.size),
    // A bias counts in both directions, a distance only where it grows.
    'bias-1h': spreadOf(values['bias-1h'], Math.abs),
    'bias-6h': spreadOf(values['bias-6h'], Math.abs),
    'distance-1h': spreadOf(values['distance-1h']),
    'distance-6h': spreadOf(values['distance-6h']),
  };
}

/** Means by the hour of the day at which forecasts are issued. */
function hourMeans({ issue_h }: IssueSeries, values: Float64Array): number[] {
  const [sums, counts]: [number[], number[]] = [new Array(24).fill(0), new Array(24).fill(0)];
  for (const [i, value] of values.entries()) {
    const hour = (issue_h[i] ?? 0) % 24;
    sums[hour] = (sums[hour] ?? 0) + value;
    counts[hour] = (counts[hour] ?? 0) + 1;
  }
  return sums.map((sum, hour) => sum / (counts[hour] ?? 0));
}

/** Spread about 0, and its largest value; `size` says which values are large. */
function spreadOf(residuals: readonly number[], size = (x: number) => x): Spread {
  const sum_sq = residuals.reduce((sum, x) => sum + x * x, 0);
  const sd = Math.max(Math.sqrt(sum_sq / residuals.length), LEAST_SD);
  return { sd, largest: residuals.reduce((most, x) => Math.max(most, size(x)), 0) / sd };
}
