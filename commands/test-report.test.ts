import { expect, test } from 'vitest';
import { countTests } from './test-report.ts';

const file = (status: string, ...states: string[]) => ({
  status,
  assertionResults: states.map((state) => ({ status: state })),
});

test('one failed test is one failure, whatever describes and files it lies in', () => {
  const report = {
    numFailedTestSuites: 2,
    testResults: [file('failed', 'passed', 'failed'), file('passed', 'passed')],
  };
  expect(countTests(report, { whole: true })).toEqual({ passed: 2, failed: 1 });
});

test('a file that failed without a failed test is one failure', () => {
  const report = { testResults: [file('failed'), file('failed', 'passed')] };
  expect(countTests(report, { whole: true })).toEqual({ passed: 1, failed: 2 });
});

test('what did not run has failed, unless the run was asked for less than everything', () => {
  const report = { testResults: [file('passed', 'passed', 'skipped', 'pending', 'todo')] };
  expect(countTests(report, { whole: true })).toEqual({ passed: 1, failed: 3 });
  expect(countTests(report, { whole: false })).toEqual({ passed: 1, failed: 0 });
});

test.each([null, {}, { testResults: 'none' }])('a report like %j counts nothing', (report) => {
  expect(countTests(report, { whole: true })).toEqual({ passed: 0, failed: 0 });
});
