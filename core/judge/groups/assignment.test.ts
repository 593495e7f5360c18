import { expect, test } from 'vitest';
import {
  ASSIGNMENT_FIELDS,
  type AssignmentState,
  closeHour,
  hoursLostChi2,
  newAssignment,
  type Server,
  stationsAnswered,
} from './assignment.ts';

const STATIONS = 40;

/** A run of hours in which `server` says who answers a station; nobody: null. */
function run(from_h: number, hours: number, server: (station: number, hour: number) => Server[], kept = fresh()) {
  const { state } = kept;
  let { fields } = kept;
  for (let hour = from_h; hour < from_h + hours; hour++) {
    const by = new Map<number, Set<Server>>();
    for (let s = 0; s < STATIONS; s++) if (server(s, hour).length > 0) by.set(s, new Set(server(s, hour)));
    fields = closeHour(state, fields, hour, { stations: STATIONS, by });
  }
  return { state, fields };
}

function fresh(): { state: AssignmentState; fields: Float64Array } {
  return { state: newAssignment(), fields: new Float64Array(0) };
}

test('while requests are mirrored every station is the control’s', () => {
  const { state, fields } = run(100, 5, () => ['control', 'canary']);
  expect(stationsAnswered(fields, 100)).toEqual({ stations: STATIONS, canary: 0 });
  expect(state).toMatchObject({ moved_h: null, hours: 5, moves: 0 });
});

test('a weight that moves begins the counting again, from the hour after the last station moved', () => {
  const shadow = run(0, 10, () => ['control', 'canary']);
  const ramp = run(10, 8, (s, hour) => (s < 10 && hour >= 10 + (s % 3) ? ['canary'] : ['control']), shadow);
  expect(stationsAnswered(ramp.fields, 0)).toEqual({ stations: STATIONS, canary: 10 });
  expect(ramp.state).toEqual({ moved_h: 12, hours: 5, moves: 10, moves_back: 0 });
  expect(ramp.fields[2]).toBe(5);
  expect(hoursLostChi2(ramp.state, ramp.fields)).toBe(0);
  const back = run(18, 1, () => ['control'], ramp);
  expect(back.state).toMatchObject({ moves: 20, moves_back: 10 });
});

test('arms of one candidate are the canary’s share together, and each is held against the control alone', () => {
  const { state, fields } = run(0, 200, (s, hour) => {
    if (s < 10) return ['canary'];
    return s < 20 ? (hour % 2 === 0 ? ['other'] : []) : ['control'];
  });
  expect(stationsAnswered(fields, 0)).toEqual({ stations: STATIONS, canary: 20 });
  expect(hoursLostChi2(state, fields)).toBe(0);
});

test('stations that nobody has asked for of late are left out', () => {
  const { fields } = run(0, 60, (s, hour) => (s < 10 && hour > 20 ? [] : ['control']));
  expect(stationsAnswered(fields, 21)).toEqual({ stations: 30, canary: 0 });
});

test('a group that is answered less often than the other is seen', () => {
  const { state, fields } = run(0, 100, (s, hour) => (s < 10 ? ((hour + s) % 5 === 0 ? [] : ['canary']) : ['control']));
  expect(hoursLostChi2(state, fields)).toBeGreaterThan(100);
});

test('a station that comes late has lost no hours before it came, and every one after', () => {
  const late = (s: number, hour: number) => s < 5 && hour < 90;
  const server = (s: number): Server[] => [s < 10 ? 'canary' : 'control'];
  const whole = run(0, 100, (s, hour) => (late(s, hour) ? [] : server(s)));
  expect(hoursLostChi2(whole.state, whole.fields)).toBe(0);
  const lost = run(0, 140, (s, hour) => (late(s, hour) || (s < 10 && (hour + s) % 5 === 0) ? [] : server(s)));
  expect(hoursLostChi2(lost.state, lost.fields)).toBeGreaterThan(100);
});

test('what was known before stays as it was', () => {
  const { state, fields } = run(0, 3, () => ['control']);
  const before = fields.slice();
  closeHour(state, fields, 3, { stations: STATIONS + 2, by: new Map([[41, new Set(['canary'] as const)]]) });
  expect(fields).toEqual(before);
  expect(fields.length).toBe(STATIONS * ASSIGNMENT_FIELDS);
});
