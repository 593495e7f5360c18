import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { withLock } from './lock.mjs';

const lockFile = fileURLToPath(new URL('./lock.mjs', import.meta.url));

const holders: ChildProcess[] = [];
afterEach(() => {
  for (const child of holders.splice(0)) child.kill('SIGKILL');
});

/** Another process that takes the lock, says so and keeps it until it is killed. */
async function holder(name: string) {
  const script = `
    const { withLock } = await import(${JSON.stringify(lockFile)});
    await withLock(${JSON.stringify(name)}, () => new Promise((resolve) => { console.log('held'); setInterval(() => {}, 1000); }));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  holders.push(child);
  await once(child.stdout, 'data');
  return child;
}

test('a holder that is killed outright leaves no stale lock behind', async () => {
  const name = `lock test ${process.pid} ${Math.random()}`;
  const child = await holder(name);
  const events: string[] = [];
  await withLock(
    name,
    async () => {
      events.push('worked');
    },
    () => {
      events.push('waited');
      child.kill('SIGKILL');
    },
  );
  expect(events).toEqual(['waited', 'worked']);
  expect(child.killed).toBe(true);
});

test('work under one name never overlaps, and a failure releases the name', async () => {
  const name = `lock test ${process.pid} ${Math.random()}`;
  let inside = 0;
  let most = 0;
  const work = (fails: boolean) => async () => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside -= 1;
    if (fails) throw new Error('broken');
  };
  const outcomes = await Promise.allSettled([true, false, true, false].map((fails) => withLock(name, work(fails))));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
  expect(most).toBe(1);
});
