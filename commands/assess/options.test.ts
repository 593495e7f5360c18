import { expect, test } from 'vitest';
import { parseOptions } from './options.ts';

const windows = ['--before', '2026-01-01..2026-03-31', '--after', '2026-04-01..2026-06-29'];

test('windows and files', () => {
  expect(parseOptions([...windows, '--facts', 'a.jsonl', '--facts', 'b.jsonl.gz'])).toMatchObject({
    before: { from: '2026-01-01', to: '2026-03-31' },
    after: { from: '2026-04-01', to: '2026-06-29' },
    facts: ['a.jsonl', 'b.jsonl.gz'],
    scorer: null,
    prometheus: null,
  });
  expect(parseOptions([])).toMatchObject({ before: null, after: null, out: 'out/assess' });
  expect(parseOptions(['--help'])).toBeNull();
});

test.each([
  [['--before', '2026-01-01..2026-03-31'], '--after: is missing; give two days like'],
  [['--facts', 'a.jsonl'], '--before: is missing'],
  [
    ['--before', '2026-02-30..2026-03-31', '--after', '2026-04-01..2026-06-29'],
    '"2026-02-30..2026-03-31" is not a range of days',
  ],
  [['--before', '2026-03-31..2026-01-01', '--after', '2026-04-01..2026-06-29'], 'is not a range of days'],
  [['--before', '2024-01-01..2026-03-31', '--after', '2026-04-01..2026-06-29'], 'has 821 days, more than 400'],
  [
    ['--before', '2026-01-01..2026-04-01', '--after', '2026-04-01..2026-06-29'],
    '--after: begins on 2026-04-01, and --before ends on 2026-04-01',
  ],
  [[...windows, '--facts', 'a', '--telemetry', 'b'], '--telemetry: makes facts, and --facts or --scorer brings them'],
  [['--stable', 'latest'], '--stable: "latest" is no digest'],
  [[...windows, '--scorer', 'localhost'], '--scorer: "localhost" is not an http URL'],
  [
    [...windows, '--scorer', 'http://s:1', '--facts', 'a', '--facts', 'b'],
    '--scorer: asks for the days that --facts a b brings; leave one of the two out',
  ],
  [[...windows, '--prometheus', 'http://p:1'], '--prometheus: adds to recorded days, and telemetry records no pods'],
  [[...windows, '--facts', 'a', '--prometheus', 'p:1'], '--prometheus: "p:1" is not an http URL'],
  [['--colour'], "Unknown option '--colour'"],
])('%j: %s', (args, message) => {
  expect(() => parseOptions(args)).toThrow(message);
});
