import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
