/** `npm test`: runs the vitest projects and ends with the line `N passed, N failed`. Arguments go to vitest: `npm test -- --project unit`. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { $ } from 'zx';
import { exitCode } from '../core/exit.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'gridramp-test-'));
const reportFile = path.join(folder, 'vitest.json');
const run = await $({
  nothrow: true,
  stdio: 'inherit',
  preferLocal: true,
})`vitest run --reporter=default --reporter=json --outputFile.json=${reportFile} ${process.argv.slice(2)}`;
const report: unknown = JSON.parse(await readFile(reportFile, 'utf8').catch(() => '{}'));
await rm(folder, { recursive: true });

/** Files that could not even be loaded have no tests of their own, and count as one failure each. */
function count(of: unknown, key: string): number {
  const value = of !== null && typeof of === 'object' ? Reflect.get(of, key) : undefined;
  return typeof value === 'number' ? value : 0;
}
const passed = count(report, 'numPassedTests');
const failedTests = count(report, 'numFailedTests');
const failed = run.ok ? failedTests : Math.max(failedTests, count(report, 'numFailedTestSuites'), 1);
console.log(`${passed} passed, ${failed} failed`);
process.exit(run.ok && passed > 0 ? exitCode.ok : exitCode.failure);
