import {
  type AssignmentState,
  closeHour,
  hoursLostChi2,
  type Server,
  stationsAnswered,
} from '../core/judge/groups/assignment.ts';
import { addLatencies } from '../core/judge/groups/latency.ts';
import type { Answers } from './answers.ts';
import type { History } from './history.ts';
import type { Answer } from './repository.ts';
import type { Session } from './session.ts';

/** A station that nobody has asked for so long has left: it belongs to no group. */
const STATION_HOURS = 48;

/**
 * Counts the answers of issue hours up to `last_h` for a session, hour by hour: whatever the order in which pods delivered them, the sums
 * are the same.
 */
export function closeAnswers(draft: Session, answers: Answers, history: History, last_h: number): void {
  const { groups } = draft.state;
  for (let issue_h = groups.closed_h + 1; issue_h <= last_h; issue_h++) {
    const given = answers.of(issue_h);
    draft.station_groups = closed(draft, given, history, issue_h, groups.assignment);
    addLatencies(groups.latency, latenciesOf(draft, given));
    groups.closed_h = issue_h;
  }
}

/** Who answers how many stations now: the closed hours and those that are still open. */
export function answeredNow(session: Session, answers: Answers, history: History, now_h: number) {
  const seen = { ...session.state.groups.assignment };
  let fields = session.station_groups;
  for (const [issue_h, given] of answers.after(session.state.groups.closed_h))
    fields = closed({ key: session.key, station_groups: fields }, given, history, issue_h, seen);
  return stationsAnswered(fields, now_h - STATION_HOURS + 1);
}

export function hoursLost({ state, station_groups }: Session): number | null {
  return hoursLostChi2(state.groups.assignment, station_groups);
}

function closed(
  { key, station_groups }: Pick<Session, 'key' | 'station_groups'>,
  given: readonly Answer[],
  history: History,
  issue_h: number,
  state: AssignmentState,
): Float64Array {
  const by = new Map<number, Set<Server>>();
  for (const answer of given) {
    const station = history.station(answer.station_id);
    if (station === undefined) continue;
    by.set(station, (by.get(station) ?? new Set()).add(serverOf(key, answer)));
  }
  return closeHour(state, station_groups, issue_h, { stations: history.stations.length, by });
}

function serverOf(key: Session['key'], answer: Answer): Server {
  if (answer.release !== key.release) return 'control';
  return answer.arm === key.arm ? 'canary' : 'other';
}

function latenciesOf({ key }: Session, given: readonly Answer[]) {
  return given.flatMap((answer) => {
    const group = serverOf(key, answer);
    return group === 'other' ? [] : [{ group, latency_ms: answer.latency_ms }];
  });
}
