/**
 * Counts the tests in vitest's JSON report. In a whole run a test that did not run has failed: nothing is skipped quietly. A file that
 * failed although none of its tests did (it could not be loaded, or its worker crashed) is one failure.
 */
export function countTests(report: unknown, { whole }: { whole: boolean }): { passed: number; failed: number } {
  let passed = 0;
  let failed = 0;
  for (const file of listIn(report, 'testResults')) {
    const states = listIn(file, 'assertionResults').map((result) => fieldOf(result, 'status'));
    const good = states.filter((state) => state === 'passed').length;
    const bad = whole ? states.length - good : states.filter((state) => state === 'failed').length;
    passed += good;
    failed += bad === 0 && fieldOf(file, 'status') === 'failed' ? 1 : bad;
  }
  return { passed, failed };
}

function listIn(value: unknown, key: string): unknown[] {
  const list = fieldOf(value, key);
  return Array.isArray(list) ? list : [];
}

function fieldOf(value: unknown, key: string): unknown {
  return value !== null && typeof value === 'object' ? Reflect.get(value, key) : undefined;
}
