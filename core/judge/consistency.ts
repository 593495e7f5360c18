import {
  type AlarmName,
  type ConsistencyConstants,
  type ConsistencySeries,
  consistencyConstants,
} from './consistency-constants.ts';
import { ConsistencyStream, newConsistency, type Peak } from './consistency-stream.ts';
import type { IssueSeries } from './differences.ts';

export type ConsistencyRun = {
  /** The largest z of each alarm and the hour at which it was, and the hour at which its limit was first exceeded. */
  alarms: Partial<Record<AlarmName, Peak>>;
  /** The first hour at which any alarm's limit was exceeded; null: none was. */
  alarm_h: number | null;
};

/** The whole check offline. `seed` is the release digest (any text): it makes the drift alarm's bootstrap repeatable. */
export function consistencyRun(backtest: ConsistencySeries, live: ConsistencySeries, seed: string): ConsistencyRun {
  return consistencyOf(consistencyConstants(backtest, seed), live);
}

/** The live check offline: the stream over the hours of `live`, of which only the first 14 days count. */
export function consistencyOf(constants: ConsistencyConstants, live: ConsistencySeries): ConsistencyRun {
  const stream = new ConsistencyStream(constants, newConsistency());
  const { issues, hours } = live;
  let next = 0;
  for (const [i, target_h] of hours.target_h.entries()) {
    if (issues !== null) next = issuesBefore(stream, issues, next, target_h);
    stream.hour(target_h, { candidate: hours.candidate[i] ?? Number.NaN, stable: hours.stable[i] ?? Number.NaN });
  }
  if (issues !== null) issuesBefore(stream, issues, next, Number.POSITIVE_INFINITY);
  const { alarms } = stream.state;
  const exceeded = Object.values(alarms).flatMap(({ exceeded_h }) => exceeded_h ?? []);
  return { alarms, alarm_h: exceeded.length === 0 ? null : Math.min(...exceeded) };
}

/** Forecasts of an hour are there before its truth. */
function issuesBefore(stream: ConsistencyStream, issues: IssueSeries, from: number, target_h: number): number {
  let i = from;
  for (; i < issues.issue_h.length && (issues.issue_h[i] ?? 0) < target_h; i++)
    stream.issue(issues.issue_h[i] ?? 0, {
      bias: issues.bias[i] ?? Number.NaN,
      log_distance: issues.log_distance[i] ?? Number.NaN,
      size: issues.size[i] ?? Number.NaN,
    });
  return i;
}
