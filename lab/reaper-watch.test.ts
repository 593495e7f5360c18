import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { logBounder, markedProcesses, REAPER_MARK } from './reaper.ts';
import { ReaperWatch } from './reaper-watch.ts';

let dir: string;
let id: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'reaper-test-'));
  id = basename(dir);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(dir, { recursive: true, force: true });
});

test('a reaper that cannot be started is tried again, then given up with the reason, and the lab is ended without it', async () => {
  const node = process.execPath;
  process.execPath = join(dir, 'no-such-program');
  const lost = Promise.withResolvers<Error>();
  try {
    const watch = new ReaperWatch(id, dir, createServer(), lost.resolve);
    expect((await lost.promise).message).toMatch(/ended 10 times \(last: spawn .*ENOENT\)/);
    await watch.reap();
  } finally {
    process.execPath = node;
  }
  expect(existsSync(dir)).toBe(false);
});

test('when the reaper does not answer, it is said, and nothing is left all the same', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue();
  const watch = new ReaperWatch(id, dir, createServer(), () => undefined);
  for (const pid of markedProcesses(REAPER_MARK, id)) process.kill(pid, 'SIGSTOP');
  vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort());
  await watch.reap();
  expect(existsSync(dir)).toBe(false);
  expect(said.mock.calls.flat().join(' ')).toContain('its reaper did not end');
  await expect.poll(() => markedProcesses(REAPER_MARK, id)).toEqual([]);
});

test('logs that cannot be bounded are reported once, and nothing is thrown', async () => {
  const said = vi.spyOn(console, 'error').mockReturnValue();
  await writeFile(join(dir, 'logs'), 'a file where a folder should be');
  const bound = logBounder(id, dir);
  bound();
  bound();
  expect(said).toHaveBeenCalledTimes(1);
});
