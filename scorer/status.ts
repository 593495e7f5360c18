import { armAlpha } from '../core/judge/guard.ts';
import { groupsScaled, labelsMissing, STATION_FIELDS, scaledErrors } from '../core/judge/pairs.ts';
import { type ArmStanding, winnerOf } from '../core/judge/winner.ts';
import { isoOfHour } from '../core/telemetry.ts';
import { consistencyStatus } from './consistency.ts';
import { type DriftWatch, driftStatus } from './drift.ts';
import { type GuardParts, guardOf } from './harm.ts';
import type { Judged } from './judged.ts';
import type { ObservationLog } from './observation-log.ts';
import { type OutcomeParts, outcomeStatus } from './outcomes.ts';
import type { Pairing } from './pairing.ts';
import type { ServedParity } from './served-parity.ts';
import type { Session } from './session.ts';
import type { Switches } from './switches.ts';

type Parts = {
  log: ObservationLog;
  drift: DriftWatch;
  judged: Judged;
  pairing: Pairing;
  servedParity: ServedParity;
  outcomes: OutcomeParts;
  switches: Switches;
  /** Whether the plan accepts a proven small loss. */
  accepted_loss: boolean;
};

/** `GET /v1/status`: everything known, for reports, people and tests. */
export function statusOf({ log, drift, judged, pairing, servedParity, outcomes, switches, accepted_loss }: Parts) {
  const [current, ...others] = judged.sessions;
  const default_arm = current?.key.arm ?? '';
  const parts = { drift, alpha: armAlpha(judged.sessions.length), outcomes, switches, default_arm, accepted_loss };
  return {
    seq: log.seq,
    watermark: iso(log.watermark_h),
    settled: iso(pairing.settled_h),
    pairs_behind: pairing.behind,
    /** Served forecasts that are still to be recomputed. */
    samples_waiting: servedParity.waiting,
    stations: log.history.stations.length,
    /** The default arm of the candidate under judgement, and its others. */
    current: current === undefined ? null : armStatus(current, log.history.stations, parts),
    others: others.map((session) => armStatus(session, log.history.stations, parts)),
    /** Where the candidate has several arms: how they stand, and which is ahead. */
    arms: others.length === 0 ? null : standingsOf(judged.sessions, parts),
    earlier: judged.earlier.map(({ key, state }) => ({ ...key, state })),
  };
}

export type ScorerStatus = ReturnType<typeof statusOf>;

type ArmParts = Pick<Parts, 'drift' | 'outcomes' | 'switches'> & GuardParts & { default_arm: string };

function standingsOf(sessions: readonly Session[], parts: ArmParts) {
  const standings = sessions.map((session): ArmStanding => {
    const { key, state } = session;
    const off = parts.switches.isOff(key, parts.default_arm);
    const { looks } = guardOf(session, parts);
    return { arm: key.arm, off, harm: state.harm?.sentence ?? null, hours: state.sums.hours, looks };
  });
  return { standings, alpha: parts.alpha, winner: winnerOf(standings, parts.alpha) };
}

function armStatus(session: Session, stations: readonly string[], parts: ArmParts) {
  const { drift, outcomes } = parts;
  const { key, state, backtest, backtest_problem, hours } = session;
  return {
    ...key,
    state,
    first_issue: isoOfHour(state.first_issue_h),
    last_issue: isoOfHour(state.last_issue_h),
    hours: state.sums.hours,
    scaled: scaledErrors(hours.station_sums, session.scalesOrLive(stations)),
    scaled_by_leads: groupsScaled(state.sums),
    labels_missing: labelsMissing(state.sums),
    guard: guardOf(session, parts),
    harm: state.harm,
    switched_off: parts.switches.isOff(key, parts.default_arm),
    backtest: backtest === null ? null : { verdict: backtest.verdict, sentence: backtest.sentence },
    backtest_problem,
    drift: driftStatus(drift, state.drift, state.closed_h),
    consistency: consistencyStatus(session),
    outcomes: outcomeStatus(session, outcomes),
    station_sums: Object.fromEntries(
      stations.map((id, s) => [id, [...hours.station_sums.slice(STATION_FIELDS * s, STATION_FIELDS * (s + 1))]]),
    ),
  };
}

function iso(hour: number | null): string | null {
  return hour === null ? null : isoOfHour(hour);
}
