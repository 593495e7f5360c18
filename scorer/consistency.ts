import type { Backtest } from '../core/judge/backtest.ts';
import { alarmNames, limitOf } from '../core/judge/consistency-constants.ts';
import { consistencySentence, detectableBias } from '../core/judge/consistency-sentence.ts';
import { type ConsistencyState, ConsistencyStream } from '../core/judge/consistency-stream.ts';
import { fleetDifference, stationDifferences } from '../core/judge/differences.ts';
import type { HourMeans } from '../core/judge/hour-means.ts';
import { metrics } from '../core/metrics.ts';
import { isoOfHour } from '../core/telemetry.ts';
import type { PairRow } from './repository.ts';

/** What is read of a session, and the slice of its state that is changed. */
type Compared = { backtest: Backtest | null; state: { consistency: ConsistencyState } };
type Key = { release: string; pod_hash: string; arm: string };

/** One issue hour that both sides have forecast, of the stations `expected`; `scale_kw` is m_s in the order of all. */
export function compareForecasts(session: Compared, pair: PairRow, scale_kw: Float64Array, expected: number): void {
  const stream = streamOf(session);
  if (stream === null) return;
  const difference = fleetDifference(stationDifferences(pair.candidate, pair.stable), scale_kw, expected);
  if (difference !== null) stream.issue(pair.issue_h, difference);
}

/** One judged target hour. */
export function compareLosses(session: Compared, target_h: number, means: HourMeans): void {
  streamOf(session)?.hour(target_h, means);
}

function streamOf({ backtest, state }: Compared): ConsistencyStream | null {
  const constants = backtest?.consistency ?? null;
  return constants === null ? null : new ConsistencyStream(constants, state.consistency);
}

/** Largest z of each alarm so far, and its limit; empty where the backtest gives nothing to be consistent with. */
export function consistencySamples({ key, backtest, state }: Compared & { key: Key }) {
  const constants = backtest?.consistency ?? null;
  const { release, pod_hash, arm } = key;
  const perAlarm = (of: (name: (typeof alarmNames)[number]) => number | null | undefined) =>
    alarmNames.flatMap((alarm) => {
      const value = of(alarm) ?? null;
      return value === null ? [] : [{ labels: { release, pod_hash, arm, alarm }, value }];
    });
  return [
    [metrics.consistency_z, perAlarm((name) => (constants === null ? null : state.consistency.alarms[name]?.z))],
    [metrics.consistency_limit, perAlarm((name) => constants && limitOf(constants, name))],
  ] as const;
}

/** For people; null where the backtest gives nothing to be consistent with. */
export function consistencyStatus({ backtest, state }: Compared) {
  const constants = backtest?.consistency ?? null;
  if (constants === null) return null;
  const { alarms } = state.consistency;
  return {
    sentence: consistencySentence(constants, alarms),
    /** The lasting bias that would raise an alarm by itself, as a share of the load: large beside a dissimilar stable. */
    detectable_bias: detectableBias(constants),
    alarms: alarmNames.flatMap((alarm) => {
      const peak = alarms[alarm];
      if (peak === undefined) return [];
      const { z, value, hour, exceeded_h } = peak;
      const exceeded_at = exceeded_h === null ? null : isoOfHour(exceeded_h);
      return [{ alarm, z, limit: limitOf(constants, alarm), value, at: isoOfHour(hour), exceeded_at }];
    }),
  };
}
