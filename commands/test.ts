/** `npm test`: runs the vitest projects and ends with the line `N passed, N failed`. Arguments go to vitest: `npm test -- --project unit`. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { $ } from 'zx';
import { exitCode } from '../core/exit.ts';
import { countTests } from './test-report.ts';

const args = process.argv.slice(2);
const folder = await mkdtemp(path.join(tmpdir(), 'gridramp-test-'));
const reportFile = path.join(folder, 'vitest.json');
const run = await $({
  nothrow: true,
  stdio: 'inherit',
  preferLocal: true,
})`vitest run --reporter=default --reporter=json --outputFile.json=${reportFile} ${args}`;
const report = await readReport();
await rm(folder, { recursive: true });

const { passed, failures } = countTests(report, { whole: args.length === 0 });
const good = run.ok && failures.length === 0 && passed > 0;
for (const failure of failures) console.log(`failed: ${path.relative(process.cwd(), failure)}`);
// Vitest also fails for what no test is to blame for, like an error that nobody awaited, and may have been killed in the middle of a line.
console.log(`\n${passed} passed, ${good ? 0 : Math.max(failures.length, 1)} failed`);
process.exitCode = good ? exitCode.ok : exitCode.failure;

async function readReport(): Promise<unknown> {
  try {
    return JSON.parse(await readFile(reportFile, 'utf8'));
  } catch (error) {
    console.error(`vitest left no whole report: ${error instanceof Error ? error.message : error}`);
    return null;
  }
}
