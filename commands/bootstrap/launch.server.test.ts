import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');

/** A bootstrap that is past its set-up and has launched the given script; no terminal, as in CI. */
function launched(script: string) {
  const launcher = `
    const { launch } = await import(${JSON.stringify(join(import.meta.dirname, 'launch.mjs'))});
    const { endBySignal } = await import(${JSON.stringify(join(import.meta.dirname, 'interrupt.mjs'))});
    const { code, signal } = await launch(${JSON.stringify(root)}, ['-e', ${JSON.stringify(script)}], '/the/programs');
    if (signal) endBySignal(signal); else process.exitCode = code;`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', launcher], { stdio: ['ignore', 'pipe', 'pipe'] });
  return {
    child,
    said: once(child.stdout, 'data').then(([chunk]) => String(chunk).trim()),
    ended: once(child, 'close'),
  };
}

test('the command runs under Node 22 with its tools first in PATH, and its exit code comes back', async () => {
  const { said, ended } = launched(
    `console.log(process.version.split('.')[0], process.env.GRIDRAMP_BIN, process.env.PATH.split(':')[0]); process.exitCode = 4`,
  );
  expect(await said).toBe(`v22 /the/programs ${join(root, 'node_modules', '.bin')}`);
  expect(await ended).toEqual([4, null]);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s reaches the command, which may end in its own way',
  async (signal) => {
    const { child, said, ended } = launched(
      `process.on('${signal}', () => process.exit(7)); console.log('ready'); setInterval(() => {}, 1000)`,
    );
    expect(await said).toBe('ready');
    child.kill(signal);
    expect(await ended).toEqual([7, null]);
  },
);

test('a command that is ended by a signal ends the bootstrap by the same one', async () => {
  const { said, ended } = launched(`console.log('ready'); process.kill(process.pid, 'SIGKILL')`);
  expect(await said).toBe('ready');
  expect(await ended).toEqual([null, 'SIGKILL']);
});

test('a bootstrap that is killed outright takes the command with it', async () => {
  const { child, said } = launched(
    `process.on('SIGTERM', () => { console.log('told'); process.exit() }); console.log('ready'); setInterval(() => {}, 1000)`,
  );
  expect(await said).toBe('ready');
  const next = once(child.stdout, 'data');
  child.kill('SIGKILL');
  expect(String((await next)[0]).trim()).toBe('told');
});
