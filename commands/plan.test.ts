import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCode } from '../core/exit.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gridramp-plan-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function plan(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['commands/plan.ts', ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('a valid plan is shown with its phases and gates', () => {
  const { status, stdout } = plan('--file', 'rollouts/forecast.yaml');
  expect(status).toBe(exitCode.ok);
  expect(stdout).toMatch(/^ramp-25 +25 % +0 % +2 \+ 2 +14d/m);
  expect(stdout).toMatch(/^latency +100 ms/m);
});

test('what it is judged by is shown, what the plan sets and what it leaves to the defaults', () => {
  const file = join(folder, 'judged.yaml');
  const written = readFileSync('rollouts/forecast.yaml', 'utf8');
  const judge = 'judge: { truth_delay: 30h, accepted_loss: half the memory, drift: { cusum: { limit: 4 } } }';
  writeFileSync(file, `${written}\n${judge}\n`);
  const { stdout } = plan('--file', file);
  expect(stdout).toMatch(/^truth_delay +30h +an hour closes/m);
  expect(stdout).toMatch(/^accepted_loss +half the memory +why/m);
  expect(stdout).toMatch(/^drift.cusum +slack 1, limit 4 +daily mean/m);
  expect(stdout).toMatch(/^tariff +40 and 20 EUR +what a MWh/m);
  expect(stdout).toMatch(/^no backtest +13d +the shortest shadow/m);
  const { judge: told } = JSON.parse(plan('--file', file, '--json').stdout).plan;
  expect(told).toMatchObject({ truth_delay_hours: 30, database: 'sqlite', drift: { cusum: { slack: 1, limit: 4 } } });
});

test('a number of stations becomes the number that each phase exposes', () => {
  const { stdout } = plan('--file', 'rollouts/forecast.yaml', '--stations', '115');
  expect(stdout).toMatch(/^ramp-25 +25 %, about 29 /m);
});

test('a plan is told what its groups can show', () => {
  const shown = (stations: string) => plan('--file', 'rollouts/forecast.yaml', '--stations', stations).stdout;
  expect(shown('710')).toMatch(
    /^ramp-10: .* shows from 7\.0 % where stations vary by 10 % \(5 %: from 71 in the canary/m,
  );
  expect(shown('40')).toMatch(/^ramp-10: too few stations in a group/m);
  expect(shown('710')).toMatch(/^ramp-100: too few stations in a group/m);
});

test('--json prints nothing but JSON', () => {
  const { stdout } = plan('--file', 'rollouts/forecast.yaml', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    plan: { service: 'forecast' },
    phases: [{ name: 'shadow' }, {}, {}, {}, {}, {}],
  });
});

test('an invalid plan ends with 2 and its faults on standard error', () => {
  const file = join(folder, 'p.yaml');
  writeFileSync(file, 'service: Forecast\n');
  const { status, stdout, stderr } = plan('--file', file);
  expect({ status, stdout }).toEqual({ status: exitCode.usage, stdout: '' });
  expect(stderr).toContain(`${file}:1:10 service: "Forecast" is not valid`);
  expect(stderr.trim().split('\n').length).toBeGreaterThan(4);
});

test.each([
  [['--file', 'no-such.yaml'], '--file: '],
  [[], '--file is missing'],
  [['--file', 'rollouts/forecast.yaml', '--stations', 'many'], '--stations: "many" is not a number of stations'],
  [['--fil'], "Unknown option '--fil'"],
])('wrong usage %j is said so', (args, message) => {
  const { status, stderr } = plan(...args);
  expect(status).toBe(exitCode.usage);
  expect(stderr).toContain(message);
});
