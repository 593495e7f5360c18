import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { randomOf } from '../core/random.ts';
import { statesPath } from '../core/registry.ts';
import { StateStore } from './state-store.ts';

const KILLS = 60;
const OF = { release: `sha256:${'ab'.repeat(32)}`, arm: 'online', size: 50 };
const STATIONS = 2_000;

/** Publishes one boundary after another, each with its own number throughout, until it is killed. */
const writer = `
  const { StateStore } = await import(${JSON.stringify(new URL('state-store.ts', import.meta.url).href)});
  const [folder, first] = process.argv.slice(1);
  const store = new StateStore(folder, ${JSON.stringify(OF)}, () => {});
  const station_ids = Array.from({ length: ${STATIONS} }, (_, i) => 'station-' + i);
  for (let boundary_h = Number(first); ; boundary_h += 24) {
    console.log(boundary_h);
    const states = new Float64Array(${STATIONS * OF.size}).fill(boundary_h);
    await store.publish({ boundary_h, size: ${OF.size}, station_ids, states });
  }`;

/** Kills a writer so long after it has begun its `nth` table; the boundary of the last that it said it had begun. */
async function killed(folder: string, first_h: number, nth: number, wait_ms: number): Promise<number> {
  const argv = ['--input-type=module', '--eval', writer, folder, String(first_h)];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let begun_h = first_h;
  const lines = createInterface(child.stdout);
  await new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      begun_h = Number(line);
      if (begun_h >= first_h + 24 * (nth - 1)) resolve();
    });
    lines.on('close', resolve);
  });
  await delay(wait_ms);
  child.kill('SIGKILL');
  expect(await exited).toEqual([null, 'SIGKILL']);
  return begun_h;
}

/** Publishes a small table, one that does not fit, and a small one again; says what became of each. */
const filler = `
  const { StateStore } = await import(${JSON.stringify(new URL('state-store.ts', import.meta.url).href)});
  const store = new StateStore(process.argv[1], ${JSON.stringify(OF)}, () => {});
  for (const [boundary_h, count] of [[24, 1], [48, ${STATIONS}], [72, 1]]) {
    const station_ids = Array.from({ length: count }, (_, i) => 'station-' + i);
    const states = new Float64Array(count * ${OF.size}).fill(boundary_h);
    const ended = store.publish({ boundary_h, size: ${OF.size}, station_ids, states });
    console.log(await ended.then(() => 'written', (error) => error.code ?? error.cause?.code));
  }`;

test('on a full disk what was learned before stays, nothing is left of what did not fit, and there is room for what does', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gridramp-full-'));
  try {
    const command = [process.execPath, '--input-type=module', '--eval', filler, folder];
    // No file gets longer than so many blocks: a write beyond fails in the middle.
    const child = spawn('sh', ['-c', 'ulimit -f 64; exec "$@"', 'sh', ...command], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said = await text(child.stdout);
    expect(said.trim().split('\n')).toEqual(['written', 'EFBIG', 'written']);
    const damaged: string[] = [];
    const store = new StateStore(folder, OF, (path) => damaged.push(path));
    const kept = await Promise.all([24, 48, 72].map((h) => store.read(h)));
    expect(kept.map((table) => table?.boundary_h)).toEqual([24, undefined, 72]);
    expect(damaged).toEqual([]);
    expect((await readdir(join(folder, statesPath(OF.release, OF.arm)))).filter((name) => name[0] === '.')).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('whenever a writer is killed, every table is whole or not there, and what it left behind goes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gridramp-killed-'));
  const inside = join(folder, statesPath(OF.release, OF.arm));
  const random = randomOf(6);
  const damaged: string[] = [];
  const store = new StateStore(folder, OF, (path) => damaged.push(path));
  const drafts = async () => (await readdir(inside)).filter((name) => name.startsWith('.draft-'));
  try {
    let next_h = 24 * 20_000;
    for (let kill = 1; kill <= KILLS; kill++) {
      const begun_h = await killed(folder, next_h, 1 + Math.floor(3 * random()), 15 * random());
      // It may have gone on before the signal reached it, and the last table that it began may be there or not.
      for (let h = Math.max(next_h, begun_h - 24 * 3); h <= begun_h + 24 * 10; h += 24) {
        const table = await store.read(h);
        if (h < begun_h) expect(table?.boundary_h).toBe(h);
        if (table === undefined) continue;
        expect(table.states.length).toBe(STATIONS * OF.size);
        expect(table.states.every((number) => number === h)).toBe(true);
        next_h = h + 24;
      }
      expect((await drafts()).length).toBeLessThanOrEqual(kill);
    }
    expect(damaged).toEqual([]);
    // Else no writer was killed in mid-write, and nothing was shown.
    expect((await drafts()).length).toBeGreaterThan(KILLS / 10);
    const old = new Date(Date.now() - 2 * 3_600_000);
    for (const name of await drafts()) await utimes(join(inside, name), old, old);
    const states = new Float64Array(OF.size);
    await store.publish({ boundary_h: next_h, size: OF.size, station_ids: ['a'], states });
    expect(await drafts()).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
