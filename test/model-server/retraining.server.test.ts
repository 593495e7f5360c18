import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isoOfHour } from '../../core/telemetry.ts';
import { roles, trainerEnv } from '../../core/workload.ts';
import { loadArtefact } from '../../model-server/artefact.ts';
import { createMeasures } from '../../model-server/measures.ts';
import { folderStore } from '../../model-server/registry/folder-store.ts';
import { publications } from '../../model-server/registry/publications.ts';
import { modelsIn } from '../../model-server/registry/transfer.ts';
import { readRecord } from '../../model-server/retraining/record.ts';
import type { ScorerProcess } from '../../scorer/scorer-process.ts';
import { HOURS, noise, type Readings, START_H, scorerWith as startScorer, weekly } from './logged-readings.ts';

const MAIN = new URL('../../model-server/main.ts', import.meta.url).pathname;
const KIND = 'ridge';
const KILLS = 10;

let folder: string;
const scorers: ScorerProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gridramp-retraining-'));
});
afterEach(async () => {
  for (const scorer of scorers.splice(0)) await scorer.end('SIGKILL');
  await rm(folder, { recursive: true });
});

async function scorerWith(...asked: [name: string, readings: Readings, hours?: number]): Promise<string> {
  const scorer = await startScorer(folder, ...asked);
  scorers.push(scorer);
  return scorer.url;
}

/** `most_blocks`: no file gets longer, in blocks of the shell's. A write beyond fails in the middle, as on a full disk. */
function trainer(
  scorer_url: string,
  registry: string,
  env: Record<string, string> = {},
  most_blocks = 'unlimited',
): ChildProcess {
  const told = { [trainerEnv.registry]: registry, [trainerEnv.scorer_url]: scorer_url, [trainerEnv.model]: KIND };
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', MAIN, roles.train];
  return spawn('sh', ['-c', `ulimit -f ${most_blocks}; exec "$@"`, 'sh', ...command], {
    env: { ...told, [trainerEnv.history_hours]: String(2 * HOURS), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Its exit code, and what it logged. */
async function trained(...asked: Parameters<typeof trainer>) {
  const child = trainer(...asked);
  const lines: string[] = [];
  if (child.stdout !== null) createInterface(child.stdout).on('line', (line) => lines.push(line));
  const [code] = await once(child, 'close');
  return { code, log: lines.map((line): Record<string, unknown> => JSON.parse(line)) };
}

test('a model is trained on the scorer’s log and published; the same again changes nothing, and what noise teaches is refused', async () => {
  const registry = join(folder, 'registry');
  const good = await scorerWith('good', weekly);
  const first = await trained(good, registry);
  expect(first.code).toBe(0);
  const [published] = await publications(folderStore(registry), KIND);
  expect(first.log.at(-1)).toMatchObject({ outcome: 'published', model: published?.model });
  const { manifest } = await loadArtefact(registry, published?.model ?? '');
  expect(manifest).toMatchObject({ kind: KIND, data: { name: 'the log', stations: 3, from: isoOfHour(START_H) } });
  expect((await trained(good, registry)).log.at(-1)).toMatchObject({ outcome: 'unchanged' });

  const second = await trained(await scorerWith('bad', noise()), registry);
  expect(second.code).toBe(0);
  expect(second.log.at(-1)).toMatchObject({ outcome: 'refused', replaces: published?.model });
  expect(await publications(folderStore(registry), KIND)).toHaveLength(1);

  const record = await readRecord(registry, KIND);
  expect(record?.counts).toEqual({ published: 1, unchanged: 1, refused: 1, waiting: 0, failed: 0 });
  expect(record?.last?.nmae).toBeGreaterThan(record?.last?.nmae_present ?? 1);
  const measures = createMeasures();
  await measures.refreshRetrainings(registry, pino({ level: 'silent' }));
  const text = await measures.registry.metrics();
  expect(text).toContain('gridramp_retrainings_total{model="ridge",outcome="refused"} 1');
  expect(text).toContain(`gridramp_retraining_nmae{model="ridge",side="candidate"} ${record?.last?.nmae}`);
  expect(text).toMatch(/gridramp_retraining_last_success_seconds\{model="ridge"\} 1\.?\d+/);
});

test('too few readings wait; no scorer and a kind that there is not fail, each with its exit code', async () => {
  const registry = join(folder, 'registry');
  const young = await trained(await scorerWith('young', weekly, 1_420), registry);
  expect(young.code).toBe(0);
  expect(young.log.at(-1)).toMatchObject({ trained_on: 852, least: 1008, hours: 1_420 });
  expect((await trained('http://127.0.0.1:1', registry)).code).toBe(1);
  const odd = await trained('http://127.0.0.1:1', registry, { [trainerEnv.model]: 'linear' });
  expect(odd.code).toBe(2);
  expect(odd.log.at(-1)?.msg).toContain('"linear" is no kind that is trained');
  expect(await readRecord(registry, KIND)).toMatchObject({ counts: { waiting: 1, failed: 1 }, last: null });
});

test('on a full disk nothing is published, the failure is recorded, and with room again the next one publishes', async () => {
  const registry = join(folder, 'registry');
  const url = await scorerWith('good', weekly);
  const full = await trained(url, registry, {}, '2');
  expect(full.code).toBe(1);
  expect(full.log.at(-1)?.msg).toContain('EFBIG');
  expect(await modelsIn(folderStore(registry))).toEqual([]);
  expect(await publications(folderStore(registry), KIND)).toEqual([]);
  expect(await readRecord(registry, KIND)).toMatchObject({ counts: { failed: 1, published: 0 } });
  expect((await trained(url, registry)).log.at(-1)).toMatchObject({ outcome: 'published' });
  expect(await modelsIn(folderStore(registry))).toHaveLength(2);
});

test('whenever a retraining is killed while it writes, the registry is whole, and the next one publishes', async () => {
  const url = await scorerWith('good', weekly);
  let unpublished = 0;
  for (let nth = 1; nth <= KILLS; nth++) {
    const registry = join(folder, `killed-${nth}`);
    const was_killed = await killedAtWrite(url, registry, nth);
    for (const digest of await modelsIn(folderStore(registry))) await loadArtefact(registry, digest);
    const published = await publications(folderStore(registry), KIND);
    for (const { model } of published) await loadArtefact(registry, model);
    if (was_killed && published.length === 0) unpublished++;
    await readRecord(registry, KIND);
  }
  // Else none was killed before its end, and nothing was shown.
  expect(unpublished).toBeGreaterThan(0);
  const last = join(folder, `killed-${KILLS}`);
  expect((await trained(url, last)).log.at(-1)?.outcome).toMatch(/^(published|unchanged)$/);
  expect(await publications(folderStore(last), KIND)).toHaveLength(1);
});

/** Kills a retraining with the nth change of its registry that is seen; false where it had ended by then. */
async function killedAtWrite(url: string, registry: string, nth: number): Promise<boolean> {
  await mkdir(registry);
  const child = trainer(url, registry);
  let seen = 0;
  const watcher = watch(registry, { recursive: true }, () => {
    if (++seen === nth) child.kill('SIGKILL');
  });
  child.stdout?.resume();
  const [, signal] = await once(child, 'close');
  watcher.close();
  return signal === 'SIGKILL';
}
