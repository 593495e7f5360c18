import { atLeast } from '../pairs.ts';
import type { Group } from './compare.ts';
import { lossChi2, type StationHours } from './sample-ratio.ts';

/**
 * Per station, of the hours since any station changed hands: who answered it last (see CODES), in which issue hour, in how many of them,
 * and how many had passed before it was first answered.
 */
export const ASSIGNMENT_FIELDS = 4;

/** Who answers a station; `other` is another arm of the same candidate. */
export type Server = Group | 'other';

/** As numbers; 0 is nobody yet. */
const CODES: Record<Server, number> = { control: 1, canary: 2, other: 3 };

export type AssignmentState = {
  /** The last closed issue hour in which a station changed hands; hours up to and with it are of no one assignment. */
  moved_h: number | null;
  /** Closed hours since. */
  hours: number;
  /** Changes of a known station's server: to the candidate, as a ramp makes them, and back, as nothing does but an abort. */
  moves: number;
  moves_back: number;
};

export function newAssignment(): AssignmentState {
  return { moved_h: null, hours: 0, moves: 0, moves_back: 0 };
}

/**
 * Closes one issue hour: `answered` says which servers answered which station in it. Who was answered by both belongs to the control: while
 * requests are mirrored the candidate's answer is the copy, and when a weight moves within the hour the next one shows it. Returns the
 * fields, `[station * ASSIGNMENT_FIELDS + field]`, for as many stations as there are; `fields` stays as it is.
 */
export function closeHour(
  state: AssignmentState,
  fields: Float64Array,
  issue_h: number,
  answered: { stations: number; by: ReadonlyMap<number, ReadonlySet<Server>> },
): Float64Array {
  const next = atLeast(fields, answered.stations * ASSIGNMENT_FIELDS).slice();
  let moved = false;
  for (const [station, servers] of answered.by) {
    const at = station * ASSIGNMENT_FIELDS;
    const [before = 0, now] = [next[at], serverOf(servers)];
    if (before !== 0 && before !== CODES[now]) {
      moved = true;
      state.moves++;
      if (now === 'control') state.moves_back++;
    }
    if (before === 0) next[at + 3] = state.hours;
    next[at] = CODES[now];
    next[at + 1] = issue_h;
    next[at + 2] = (next[at + 2] ?? 0) + 1;
  }
  state.hours++;
  if (moved) restart(state, next, issue_h);
  return next;
}

function serverOf(servers: ReadonlySet<Server>): Server {
  if (servers.has('control')) return 'control';
  return servers.has('canary') ? 'canary' : 'other';
}

/** The assignment is another one now: what was counted under the last says nothing about it. */
function restart(state: AssignmentState, fields: Float64Array, issue_h: number): void {
  state.moved_h = issue_h;
  state.hours = 0;
  for (let at = 0; at < fields.length; at += ASSIGNMENT_FIELDS) fields.fill(0, at + 2, at + 4);
}

/** Stations whose last answer is from `since_h` or later, and those of them that the candidate gave, in any of its arms. */
export function stationsAnswered(fields: Float64Array, since_h: number): { stations: number; canary: number } {
  const counted = { stations: 0, canary: 0 };
  for (let at = 0; at < fields.length; at += ASSIGNMENT_FIELDS) {
    const code = fields[at] ?? 0;
    if (code === 0 || (fields[at + 1] ?? 0) < since_h) continue;
    counted.stations++;
    if (code !== CODES.control) counted.canary++;
  }
  return counted;
}

/** `lossChi2` of the assignment as it stands; a station that came late has lost no hours before it came. */
export function hoursLostChi2({ hours }: AssignmentState, fields: Float64Array): number | null {
  const of = (group: Group): StationHours[] => {
    const stations: StationHours[] = [];
    for (let at = 0; at < fields.length; at += ASSIGNMENT_FIELDS)
      if (fields[at] === CODES[group])
        stations.push({ answered: fields[at + 2] ?? 0, passed: hours - (fields[at + 3] ?? 0) });
    return stations;
  };
  return lossChi2({ canary: of('canary'), control: of('control') });
}
