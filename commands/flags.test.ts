import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { exitCode } from '../core/exit.ts';

const commands = ['bench.ts', 'check.ts', 'metrics.ts', 'doctor.mjs'];

function run(...args: string[]) {
  return spawnSync(process.execPath, args, { encoding: 'utf8' });
}

test.each(commands)('%s refuses an unknown flag with its usage and 2', (command) => {
  const { status, stdout, stderr } = run(`commands/${command}`, '--no-such-flag');
  expect(stderr).toMatch(/--no-such-flag.*\n\nnpm run /s);
  expect(stderr).not.toContain('    at ');
  expect({ status, stdout }).toEqual({ status: exitCode.usage, stdout: '' });
});

test.each(commands)('%s --help prints its usage and ends with 0', (command) => {
  const { status, stdout, stderr } = run(`commands/${command}`, '--help');
  expect(stdout).toMatch(/^npm run /);
  expect({ status, stderr }).toEqual({ status: exitCode.ok, stderr: '' });
});

test('bench refuses a number of runs that is none', () => {
  const { status, stderr } = run('commands/bench.ts', '--runs', 'many');
  expect(stderr).toContain('--runs: "many"');
  expect(status).toBe(exitCode.usage);
});
