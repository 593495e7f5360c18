import { expect, test } from 'vitest';
import {
  addEvents,
  type BusinessEvent,
  countsOf,
  engagement,
  eventFault,
  meanScore,
  noStationEvents,
  outcomesBy,
  type StationEvents,
  totalEvents,
} from './events.ts';

const event = (more: Partial<BusinessEvent>): BusinessEvent => ({
  event_id: 'e',
  station_id: 's',
  time: '2016-08-01T00:00:00Z',
  release: 'r',
  arm: 'a',
  kind: 'recommendation-shown',
  ...more,
});

test('only feedback has a score and a text', () => {
  expect(eventFault(event({}))).toBeNull();
  expect(eventFault(event({ kind: 'feedback', score: 4, text: 'fine' }))).toBeNull();
  expect(eventFault(event({ kind: 'feedback' }))).toMatch(/^score: .*1 to 5/);
  expect(eventFault(event({ score: 4 }))).toMatch(/^score: a recommendation-shown has none/);
  expect(eventFault(event({ kind: 'recommendation-followed', text: 'x' }))).toMatch(/^text: /);
});

function station(...events: ['before' | 'control' | 'canary', Partial<BusinessEvent>][]): StationEvents {
  const counted = noStationEvents();
  for (const [group, more] of events) addEvents(counted[group], countsOf(event(more)));
  return counted;
}

const followed = { kind: 'recommendation-followed' } as const;
const scored = (score: number) => ({ kind: 'feedback', score }) as const;

test('a station counts for the canary once the candidate led to anything there, and what it lacks is no outcome', () => {
  const moved = station(
    ...(['before', 'control', 'canary'] as const).flatMap((group): ['before' | 'control' | 'canary', object][] => [
      [group, {}],
      [group, {}],
    ]),
    ['before', followed],
    ['canary', followed],
    ['canary', followed],
  );
  const stayed = station(['before', {}], ['before', followed], ['control', {}]);
  const silent = station(['before', {}]);
  expect(outcomesBy(engagement, [moved, stayed, silent])).toEqual({
    canary: [{ before: 0.5, since: 1 }],
    control: [{ before: 1, since: 0 }],
  });
  expect(totalEvents([moved, stayed, silent])).toMatchObject({
    before: { shown: 4, followed: 2 },
    control: { shown: 3, followed: 0 },
    canary: { shown: 2, followed: 2 },
  });
});

test('scores are compared by their means', () => {
  const one = station(['before', scored(2)], ['before', scored(4)], ['control', scored(4)]);
  expect(outcomesBy(meanScore, [one]).control).toEqual([{ before: 3, since: 4 }]);
});
