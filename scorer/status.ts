import { armAlpha, type GuardLook, guardAt, guardVerdict, type ThetaName } from '../core/judge/guard.ts';
import { guardSentence } from '../core/judge/guard-sentence.ts';
import { groupsScaled, labelsMissing, STATION_FIELDS, scaledErrors } from '../core/judge/pairs.ts';
import { forThetas } from '../core/judge/theta.ts';
import { isoOfHour } from '../core/telemetry.ts';
import { consistencyStatus } from './consistency.ts';
import { type DriftWatch, driftStatus } from './drift.ts';
import type { Judged } from './judged.ts';
import type { ObservationLog } from './observation-log.ts';
import { type OutcomeParts, outcomeStatus } from './outcomes.ts';
import type { Pairing } from './pairing.ts';
import type { ServedParity } from './served-parity.ts';
import type { Session } from './session.ts';

type Parts = {
  log: ObservationLog;
  drift: DriftWatch;
  judged: Judged;
  pairing: Pairing;
  servedParity: ServedParity;
  outcomes: OutcomeParts;
  /** Whether the plan accepts a proven small loss. */
  accepted_loss: boolean;
};

/** `GET /v1/status`: everything known, for reports, people and tests. */
export function statusOf({ log, drift, judged, pairing, servedParity, outcomes, accepted_loss }: Parts) {
  const [current, ...others] = judged.sessions;
  const parts = { drift, alpha: armAlpha(judged.sessions.length), outcomes, accepted_loss };
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
    earlier: judged.earlier.map(({ key, state }) => ({ ...key, state })),
  };
}

export type ScorerStatus = ReturnType<typeof statusOf>;

type ArmParts = Pick<Parts, 'drift' | 'outcomes' | 'accepted_loss'> & { alpha: number };

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
    guard: guardStatus(session, parts),
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

function guardStatus(session: Session, { alpha, accepted_loss }: ArmParts) {
  const { hours } = session.state.sums;
  const looks = forThetas((_theta, name): GuardLook | null => lookAt(session, name, alpha));
  const verdict = guardVerdict(looks, hours, accepted_loss);
  return { verdict, sentence: guardSentence({ verdict, hours, looks, alpha, accepted_loss }), looks };
}

function lookAt({ backtest, state: { sums } }: Session, name: ThetaName, alpha: number): GuardLook | null {
  const constants = backtest?.theta[name].guard ?? null;
  return constants === null ? null : guardAt({ n: sums.hours, ...sums.theta[name] }, constants, alpha);
}

function iso(hour: number | null): string | null {
  return hour === null ? null : isoOfHour(hour);
}
