import { expect, test } from 'vitest';
import type { JudgedRun } from './analysis-run.ts';
import { judgementOf, tallyOf } from './backtest.ts';

const FIRST_S = 1_767_225_600;
const run = (phase: JudgedRun['phase'], ended_after_s: number | null): JudgedRun => {
  const at = (after_s: number) => new Date((FIRST_S + after_s) * 1000).toISOString();
  const completed_at = ended_after_s === null ? null : at(ended_after_s);
  return { phase, message: '', started_at: at(0), completed_at, metrics: [], measurements: [] };
};
const judge = (phase: JudgedRun['phase'], ended_after_s: number | null, harm_s: number | null) =>
  judgementOf(run(phase, ended_after_s), harm_s, FIRST_S);

test.each([
  ['Successful', 900, null, 'passed', null],
  ['Inconclusive', 900, null, 'passed', null],
  ['Failed', 300, null, 'false abort', null],
  ['Error', 300, null, 'false abort', null],
  ['Failed', 300, 301, 'false abort', null],
  ['Failed', 300, 300, 'detected', 0],
  ['Error', 900, 300, 'detected', 600],
  ['Successful', 900, 300, 'missed', null],
  ['Inconclusive', 900, 300, 'missed', null],
  ['Running', null, 300, 'missed', null],
] as const)('%s after %s s of a release that harms from %s s on: %s', (phase, ended, harm_s, fate, to_detect_s) => {
  expect(judge(phase, ended, harm_s)).toEqual({ fate, phase, to_detect_s });
});

test('Rates are of those to whom it could have happened', () => {
  const judgements = [
    judge('Failed', 100, null),
    judge('Successful', 900, null),
    judge('Inconclusive', 900, null),
    judge('Failed', 100, 200),
    judge('Failed', 300, 200),
    judge('Failed', 700, 200),
    judge('Failed', 900, 200),
    judge('Running', null, 200),
  ];
  expect(tallyOf(judgements)).toEqual({
    releases: 8,
    false_aborts: 2,
    false_abort_rate: 2 / 8,
    missed: 1,
    miss_rate: 1 / 4,
    waiting: 2,
    to_detect_s: { median: 500, longest: 700 },
  });
});

test('Of nothing there is no rate', () => {
  expect(tallyOf([judge('Successful', 900, null)])).toMatchObject({
    false_abort_rate: 0,
    miss_rate: null,
    to_detect_s: null,
  });
});
