import { expect, test } from 'vitest';
import { InputError } from '../input-error.ts';
import { type DayFact, emptyFact, lineOf, parseDayFacts } from './day-fact.ts';
import { exampleChoices, exampleFacts } from './example-facts.ts';

const fact = emptyFact({ day: '2026-03-01', release: 'a', arm: 'all', role: 'serving', expected_station_hours: 24 });
const line = (changes: object) => JSON.stringify({ ...fact, ...changes });

test('what is written is read again', () => {
  const facts = exampleFacts(exampleChoices);
  expect(parseDayFacts(facts.map(lineOf).join(''), 'x.jsonl')).toEqual(facts);
});

test('facts of before pods were recorded name none', () => {
  const { pod_hashes, ...older } = fact;
  expect(pod_hashes).toBeNull();
  expect(parseDayFacts(lineOf(Object(older)), 'x.jsonl')).toEqual([fact]);
});

const { accuracy: _, ...incomplete } = fact;
test.each<[string, string, string]>([
  ['no JSON', '{', 'x.jsonl:2: is no JSON'],
  ['a field too many', line({ cost: 3 }), 'x.jsonl:2: "cost" is not known here; remove it'],
  [
    'a field too few',
    JSON.stringify(incomplete),
    'x.jsonl:2: "accuracy" is missing; add it; null where it was not recorded',
  ],
  [
    'an error that cannot be',
    line({ accuracy: { stations: { a: [24, 1e308, 1] }, lead_groups: {} } }),
    'x.jsonl:2 accuracy.stations.a: [24, 1e+308, 1] is an error of more than 1000000000000 kW; mend the unit',
  ],
  ['a role that is none', line({ role: 'boss' }), 'x.jsonl:2 role: "boss" must be equal to one of the allowed values'],
  [
    'a day that never was',
    line({ day: '2026-02-30' }),
    'x.jsonl:2 day: "2026-02-30" is no day; write one like 2026-03-01',
  ],
  ['a hash that is none', line({ pod_hashes: ['"}'] }), 'x.jsonl:2 pod_hashes.0: '],
  ['a negative count', line({ drift_events: -1 }), 'x.jsonl:2 drift_events: -1 must be >= 0'],
  [
    'more hours than a day has',
    line({ accuracy: { stations: { s: [25, 1, 1] }, lead_groups: {} } }),
    'x.jsonl:2 accuracy.stations: hold 25 station-hours of 24 expected; score every station-hour once',
  ],
  [
    'scores beyond 5',
    line({ feedback: { scores: 2, sum: 11, sum_sq: 61, texts: [] } }),
    'x.jsonl:2 feedback.sum: 11 cannot be of 2 scores from 1 to 5',
  ],
  [
    'a day twice',
    line({}),
    'x.jsonl:2: is a second fact of 2026-03-01 serving a all, after line 1; remove one of the two',
  ],
])('%s is a fault with its line, field, value and fix', (_name, second, message) => {
  expect(() => parseDayFacts(`${line({})}\n${second}\n`, 'x.jsonl')).toThrow(message);
});

test('an empty file holds no fact', () => {
  expect(() => parseDayFacts('\n\n', 'x.jsonl')).toThrow('x.jsonl: holds no fact');
});

test('a file of faults shows the first twenty and counts the rest', () => {
  const text = Array.from({ length: 25 }, () => line({ role: 'boss' })).join('\n');
  const faults = faultsOf(() => parseDayFacts(text, 'x.jsonl'));
  expect(faults).toHaveLength(21);
  expect(faults.at(-1)?.message).toBe('5 more faults');
});

function faultsOf(read: () => DayFact[]) {
  try {
    read();
  } catch (error) {
    if (error instanceof InputError) return error.faults;
  }
  return [];
}
