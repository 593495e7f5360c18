import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LabEvent, Part, ProcessDescription } from './process.ts';
import { LAB_MARK, markedProcesses } from './reaper.ts';
import { Runner } from './runner.ts';

let dir: string;
let runner: Runner | undefined;
let events: LabEvent[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gridramp-runner-'));
  await mkdir(join(dir, 'logs'));
  events = [];
});

afterEach(async () => {
  await runner?.stop();
  await rm(dir, { recursive: true });
});

function shell(name: string, script: string, more: Partial<ProcessDescription> = {}): ProcessDescription {
  return { name, command: '/bin/sh', args: ['-c', script], links: [], ready: { kind: 'log', text: 'up' }, ...more };
}

function run(parts: Part[]): Runner {
  runner = new Runner({
    parts,
    dir,
    env: { PATH: process.env.PATH ?? '' },
    onEvent: (event) => events.push(event),
  });
  return runner;
}

const order = (): string[] => events.map(({ kind, name }) => `${name} ${kind}`);

describe('Given a process that waits for another and a step between them', () => {
  test('When they start, Then each begins only when what it links to is ready, and they stop the other way round', async () => {
    const step: Part = { name: 'step', links: ['first'], run: async () => undefined };
    const started = run([
      shell('second', 'echo up; exec sleep 60', { links: ['step'] }),
      step,
      shell('first', 'echo up; exec sleep 60'),
    ]);
    await started.start();
    await started.stop();
    expect(order()).toEqual([
      'first started',
      'first ready',
      'step started',
      'step ready',
      'second started',
      'second ready',
      'lab stopped',
      'second exited',
      'first exited',
    ]);
  });
});

describe('Given a running process', () => {
  test('When it is killed, Then it is started again with exactly its arguments and becomes ready anew', async () => {
    const started = run([
      shell('server', '', { args: ['-c', 'echo "up with $0 $1 $2 $3"; exec sleep 60', 'a b', '$HOME', "it's", '*'] }),
    ]);
    await started.start();
    const before = started.pidOf('server');
    process.kill(before ?? 0, 'SIGKILL');
    await started.next('server', 'restarted');
    await started.next('server', 'ready');
    expect(started.pidOf('server')).not.toBe(before);
    expect(events.find(({ kind }) => kind === 'exited')?.detail).toBe('signal SIGKILL');
    expect(await readFile(started.logOf('server'), 'utf8')).toBe("up with a b $HOME it's *\n".repeat(2));
  });

  test('When it ignores the request to end, Then its whole group is killed after the grace', async () => {
    const script = 'trap "" TERM; sleep 60 & echo up; while :; do wait; done';
    const started = run([shell('stubborn', script, { grace_ms: 50, env: { [LAB_MARK]: dir } })]);
    await started.start();
    expect(markedProcesses(LAB_MARK, dir)).toHaveLength(2);
    await started.stop();
    expect(events.at(-1)?.detail).toBe('signal SIGKILL');
    await expect.poll(() => markedProcesses(LAB_MARK, dir)).toEqual([]);
  });
});

describe('Given a process that dies again and again', () => {
  test('When it has used up its restarts, Then the lab fails with its name, its exit and the end of its log', async () => {
    const dying = shell('dying', 'echo "no such port" >&2; exit 7', { restart: { times: 2, within_ms: 60_000 } });
    const waiting = shell('waiting', 'echo up', { links: ['dying'] });
    await expect(run([dying, waiting]).start()).rejects.toThrow(
      /^dying exited 3 times in a row \(last: exit code 7\)\. The end of its log:\n(no such port\n?){3}$/,
    );
    expect(order().filter((line) => line.endsWith('started') || line.endsWith('restarted'))).toEqual([
      'dying started',
      'dying restarted',
      'dying restarted',
    ]);
  });
});
