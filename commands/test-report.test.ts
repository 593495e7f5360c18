import { expect, test } from 'vitest';
import { countTests } from './test-report.ts';

const file = (status: string, ...states: string[]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: states.map((state, i) => ({ status: state, fullName: `t${i}` })),
});

test('one failed test is one failure, whatever describes and files it lies in', () => {
  const report = {
    numFailedTestSuites: 2,
    testResults: [file('failed', 'passed', 'failed'), file('passed', 'passed')],
  };
  expect(countTests(report, { whole: true })).toEqual({ passed: 2, failures: ['a.test.ts > t1 (failed)'] });
});

test('a file that failed without a failed test is one failure', () => {
  const report = { testResults: [file('failed'), file('failed', 'passed')] };
  const why = 'a.test.ts (the file failed, none of its tests did)';
  expect(countTests(report, { whole: true })).toEqual({ passed: 1, failures: [why, why] });
});

test('what did not run has failed and is named, unless the run was asked for less than everything', () => {
  const report = { testResults: [file('passed', 'passed', 'skipped', 'pending', 'todo')] };
  const failures = ['a.test.ts > t1 (skipped)', 'a.test.ts > t2 (pending)', 'a.test.ts > t3 (todo)'];
  expect(countTests(report, { whole: true })).toEqual({ passed: 1, failures });
  expect(countTests(report, { whole: false })).toEqual({ passed: 1, failures: [] });
});

test.each([null, {}, { testResults: 'none' }])('a report like %j counts nothing', (report) => {
  expect(countTests(report, { whole: true })).toEqual({ passed: 0, failures: [] });
});
