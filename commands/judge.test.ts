import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { judgeTable } from '../core/judge/table-verdict.ts';
import { exampleFile, exampleLosses } from './judge/example-losses.ts';
import { verdictText } from './judge/looks-text.ts';
import { readLosses } from './judge/losses-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gridramp-judge-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function judge(...args: string[]): Promise<{ code: number | string; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['commands/judge.ts', ...args], { maxBuffer: 1e8 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : (error.code ?? -1), stdout, stderr }),
    );
  });
}

/** The example with every candidate's error multiplied. */
function scaled(factor: number): string {
  const [header, ...rows] = readExample().trim().split('\n');
  const file = join(folder, 'scaled.csv');
  const cells = rows.map((row) => row.split(','));
  writeFileSync(
    file,
    [header, ...cells.map(([time, id, stable]) => `${time},${id},${stable},${Number(stable) * factor}`)].join('\n'),
  );
  return file;
}

const readExample = () => gunzipSync(readFileSync(exampleFile)).toString();

test('the example is fresh, and its candidate is aborted', async () => {
  expect(readExample()).toBe(await exampleLosses());
  const plot = join(folder, 'looks.html');
  const { code, stdout } = await judge('--losses', exampleFile, '--plot', plot, '--json');
  expect(code).toBe(3);
  const outcome = JSON.parse(stdout);
  expect(outcome).toMatchObject({ verdict: 'abort', decided_by: 'guard', backtest: null });
  expect(outcome.looks).toHaveLength(28 * 24 - 23);
  const look = outcome.looks.find(({ hour }: { hour: number }) => hour === outcome.decided_at_hour);
  expect(look.mean.abort - look.margin.abort).toBeGreaterThan(0.01);
  expect(outcome.sentence).toContain('it is proven worse');
  const page = readFileSync(plot, 'utf8');
  expect(page).toContain('<svg');
  expect(page).toContain('it is proven worse');
});

test('the text is short however many looks there are, and has the deciding one', async () => {
  const { table, ...read } = await readLosses(exampleFile);
  const verdict = judgeTable(table, 28 * 24, exampleFile);
  const told = { file: 'losses.csv.gz', ...read };
  const lines = verdictText(verdict, told, null).split('\n');
  expect(lines.length).toBeLessThan(50);
  const deciding = new RegExp(`^ *${verdict.decided_at_hour} .* abort$`);
  expect(lines.some((line) => deciding.test(line))).toBe(true);
  expect(readFileSync('README.md', 'utf8')).toContain(lines.slice(-2).join('\n'));
  const every = verdictText(verdict, told, 1).split('\n');
  expect(every.filter((line) => /^ *\d+ {2}2016/.test(line))).toHaveLength(28 * 24 - 23);
});

test('a proven gain is exit code 0', async () => {
  const run = await judge('--losses', scaled(0.5));
  expect(run.stdout).toMatch(/^WIN: /m);
  expect(run.code).toBe(0);
});

test('nothing proven is exit code 4', async () => {
  const run = await judge('--losses', exampleFile, '--history', '45d');
  expect(run.stdout).toContain('CONTINUE');
  expect(run.code).toBe(4);
});

test('a plot that is a folder is wrong usage, told before the losses are read; one that can be written is not touched by that', async () => {
  const plot = join(folder, 'looks.svg');
  expect((await judge('--losses', 'nowhere.csv', '--plot', plot)).stderr).toContain('nowhere.csv');
  expect(existsSync(plot)).toBe(false);
  mkdirSync(plot);
  const { code, stderr } = await judge('--losses', 'nowhere.csv', '--plot', plot);
  expect(stderr).toMatch(/^--plot: ".*looks\.svg" cannot be written \(EISDIR/);
  expect(code).toBe(2);
});

test.each([
  [['--losses', 'nowhere.csv'], /nowhere\.csv: there is no such file; /],
  [['--losses', 'a', '--history', '14d'], /--history: 14d is too short/],
  [['--losses', 'a', '--plot', 'x.png'], /--plot: "x.png" ends neither in .svg nor in .html/],
  [['--losses', 'a', '--plot', 'nowhere/x.svg'], /--plot: "nowhere\/x\.svg" cannot be written \(ENOENT.*name a file/],
  [['--losses', 'a', '--plot', 'README.md/x.svg'], /--plot: "README\.md\/x\.svg" cannot be written \(ENOTDIR/],
  [['--losses', 'a', '--every', '0'], /--every: "0" is not/],
  [
    ['--losses', exampleFile, '--history', '56d'],
    /losses\.csv\.gz: is too short to judge: it covers 1344 hours, of which the history takes 1344.*or a shorter --history/,
  ],
  [[], /--losses is missing/],
])('%j is wrong usage', async (args, message) => {
  const { code, stdout, stderr } = await judge(...args);
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
  expect(stdout).toBe('');
});
