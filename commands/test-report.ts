/**
 * Counts the tests in vitest's JSON report and names those that failed. In a whole run a test that did not run has failed: nothing is
 * skipped quietly. A file that failed although none of its tests did (it could not be loaded, or its worker crashed) is one failure.
 */
export function countTests(report: unknown, { whole }: { whole: boolean }): { passed: number; failures: string[] } {
  let passed = 0;
  const failures: string[] = [];
  for (const file of listIn(report, 'testResults')) {
    const tests = listIn(file, 'assertionResults');
    const bad = tests.filter((one) =>
      whole ? fieldOf(one, 'status') !== 'passed' : fieldOf(one, 'status') === 'failed',
    );
    passed += tests.filter((one) => fieldOf(one, 'status') === 'passed').length;
    const name = fieldOf(file, 'name');
    failures.push(...bad.map((one) => `${name} > ${fieldOf(one, 'fullName')} (${fieldOf(one, 'status')})`));
    if (bad.length === 0 && fieldOf(file, 'status') === 'failed')
      failures.push(`${name} (the file failed, none of its tests did)`);
  }
  return { passed, failures };
}

function listIn(value: unknown, key: string): unknown[] {
  const list = fieldOf(value, key);
  return Array.isArray(list) ? list : [];
}

function fieldOf(value: unknown, key: string): unknown {
  return value !== null && typeof value === 'object' ? Reflect.get(value, key) : undefined;
}
