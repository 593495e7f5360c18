import { type AssignmentState, newAssignment } from './assignment.ts';
import { type LatencyState, newLatency } from './latency.ts';

/** What the served calls of closed issue hours have shown of one arm; JSON-serialisable, and no larger with more stations. */
export type GroupsState = {
  /** The last issue hour whose answers are counted. */
  closed_h: number;
  assignment: AssignmentState;
  latency: LatencyState;
};

export function newGroups(first_issue_h: number): GroupsState {
  return { closed_h: first_issue_h - 1, assignment: newAssignment(), latency: newLatency() };
}
