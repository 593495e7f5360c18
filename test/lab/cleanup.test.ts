import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { type Lab, startLab } from '../../lab/lab.ts';
import { labDir, listLabs, stopLab } from '../../lab/lab-list.ts';
import type { Part } from '../../lab/process.ts';
import { LAB_MARK, markedProcesses, REAPER_MARK } from '../../lab/reaper.ts';

const WAIT = { timeout: 30_000, interval: 50 };
const lab_ts = fileURLToPath(new URL('../../lab/lab.ts', import.meta.url));

/** A command in miniature: it starts a lab with a pod that leaves its process group behind, and says when all is up. */
const command = (then: string): string => `
  const { startLab } = await import(${JSON.stringify(lab_ts)});
  const pod = ['-c', 'setsid sleep 600 & echo up; exec sleep 600'];
  const lab = await startLab({
    extra: () => [{ name: 'pod', command: '/bin/sh', args: pod, links: [], ready: { kind: 'log', text: 'up' } }],
  });
  console.log(lab.id);
  ${then}
`;

const own = new Set<Lab>();
const labs = new Set<string>();
const runners = new Set<ChildProcess>();

afterEach(async () => {
  for (const lab of own) await lab.stop();
  for (const runner of runners) runner.kill('SIGKILL');
  for (const id of labs) if (existsSync(labDir(id))) await stopLab(id);
  own.clear();
  labs.clear();
  runners.clear();
});

async function startRunner(
  then = 'await new Promise(() => setInterval(() => {}, 1e6));',
): Promise<[ChildProcess, string]> {
  const runner = spawn(process.execPath, ['--input-type=module', '--eval', command(then)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  runners.add(runner);
  const [id] = await once(createInterface(runner.stdout), 'line', { signal: AbortSignal.timeout(60_000) });
  if (typeof id !== 'string') throw new Error('the runner said nothing');
  labs.add(id);
  return [runner, id];
}

/** What is left of a lab on the machine. */
const remainsOf = (id: string): string[] => [
  ...markedProcesses(LAB_MARK, id).map((pid) => `process ${pid}`),
  ...markedProcesses(REAPER_MARK, id).map((pid) => `reaper ${pid}`),
  ...(existsSync(labDir(id)) ? [labDir(id)] : []),
];

describe('Given a lab whose runner ends', () => {
  test.each(['SIGKILL', 'SIGINT'] as const)('When by %s, Then nothing of it is left', async (signal) => {
    const [runner, id] = await startRunner();
    expect(remainsOf(id).length).toBeGreaterThan(8);
    const exited = once(runner, 'exit');
    runner.kill(signal);
    expect(await exited).toEqual([null, signal]);
    await expect.poll(() => remainsOf(id), WAIT).toEqual([]);
  });

  test('When by an exception that nobody caught, Then nothing of it is left', async () => {
    const [runner, id] = await startRunner('setTimeout(() => { throw new Error("nobody catches this"); }, 0);');
    await expect.poll(() => runner.exitCode, WAIT).toBe(1);
    await expect.poll(() => remainsOf(id), WAIT).toEqual([]);
  });
});

describe('Given a lab that is only being started', () => {
  test('When its runner is killed, Then nothing of it is left', async () => {
    const known = new Set(listLabs().map(({ id }) => id));
    const runner = spawn(process.execPath, ['--input-type=module', '--eval', command('')], { stdio: 'ignore' });
    runners.add(runner);
    const fresh = (): string | undefined =>
      listLabs().find(({ id, runner: { pid } }) => !known.has(id) && pid === runner.pid)?.id;
    await expect.poll(fresh, WAIT).toBeDefined();
    const id = fresh() ?? '';
    labs.add(id);
    await expect.poll(() => markedProcesses(LAB_MARK, id), WAIT).not.toEqual([]);
    runner.kill('SIGKILL');
    await expect.poll(() => remainsOf(id), WAIT).toEqual([]);
  });
});

describe('Given that the reaper itself was killed', () => {
  test('When the runner is killed too, Then another reaper leaves nothing', async () => {
    const [runner, id] = await startRunner();
    const [first = 0] = markedProcesses(REAPER_MARK, id);
    process.kill(first, 'SIGKILL');
    await expect.poll(() => markedProcesses(REAPER_MARK, id).filter((pid) => pid !== first), WAIT).toHaveLength(1);
    runner.kill('SIGKILL');
    await expect.poll(() => remainsOf(id), WAIT).toEqual([]);
  });
});

describe('Given a part that cannot run', () => {
  test('When the lab starts, Then it fails with the part’s own words and leaves nothing', async () => {
    let dir = '';
    const broken: Part = {
      name: 'translator',
      command: '/bin/sh',
      args: ['-c', 'echo "no route to anywhere"; exit 3'],
      links: [],
      ready: { kind: 'log', text: 'up' },
      restart: { times: 0, within_ms: 1000 },
    };
    const starting = startLab({
      extra: (site) => {
        dir = site.dir;
        return [broken];
      },
    });
    await expect(starting).rejects.toThrow(
      'translator exited (last: exit code 3). The end of its log:\nno route to anywhere',
    );
    const id = /^gridramp-(\w+)$/.exec(basename(dir))?.[1] ?? '';
    expect(labDir(id)).toBe(dir);
    expect(remainsOf(id)).toEqual([]);
  });

  test('When it dies for good in a lab that runs, Then the lab says so and stops itself', async () => {
    const mortal: Part = {
      name: 'mortal',
      command: '/bin/sh',
      args: ['-c', 'echo up; exec sleep 600'],
      links: [],
      ready: { kind: 'log', text: 'up' },
      restart: { times: 0, within_ms: 1000 },
    };
    const lab: Lab = await startLab({ extra: () => [mortal] });
    own.add(lab);
    process.kill(lab.runner.pidOf('mortal') ?? 0, 'SIGKILL');
    expect((await lab.failed).message).toContain('mortal exited (last: signal SIGKILL)');
    await lab.stop();
    expect(remainsOf(lab.id)).toEqual([]);
  });
});

describe('Given a lab that was kept', () => {
  test('When its runner has gone, Then it works on, holds its slot, is listed, and can be stopped by its id', async () => {
    const [runner, id] = await startRunner('await lab.keep();');
    if (runner.exitCode === null) await once(runner, 'exit');
    expect(runner.exitCode).toBe(0);
    const listed = listLabs().find((lab) => lab.id === id);
    expect(listed?.kept).toBe(true);
    expect(markedProcesses(LAB_MARK, id).length).toBeGreaterThan(6);

    const next = await startLab();
    own.add(next);
    expect(next.slot).not.toBe(listed?.slot);
    await next.stop();

    await stopLab(id);
    await expect.poll(() => remainsOf(id), WAIT).toEqual([]);
  });

  test('When an unknown lab is to be stopped, Then the labs that run are named', async () => {
    await expect(stopLab('nosuch')).rejects.toThrow(/^there is no lab "nosuch"; running now: /);
  });
});
