import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { registryPath } from '../core/registry.ts';
import { writeArtefact } from '../model-server/artefact.ts';
import { randomNetwork } from '../model-server/random-network.ts';
import { folderStore } from '../model-server/registry/folder-store.ts';
import { publish } from '../model-server/registry/publications.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gridramp-models-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const run = (command: string, ...args: string[]) =>
  spawnSync(process.execPath, [`commands/${command}.ts`, ...args], { encoding: 'utf8' });
const models = (...args: string[]) => run('models', ...args, '--registry', join(folder, 'own'));
const seasonal = (lag_h: number) => writeArtefact(join(folder, 'own'), { kind: 'seasonal', lag_h }, new Map());

test('from a list over a copy, a loss and a restoration to the list again', async () => {
  const [daily, weekly] = [await seasonal(24), await seasonal(168)];
  const first = { model: weekly, replaces: daily, at: '2026-04-01T02:00:00.000Z', compared: null };
  await publish(folderStore(join(folder, 'own')), 'forecast', 0, first);
  const row = (digest: string, as: string) => expect.stringMatching(new RegExp(`${digest}  seasonal .* ${as}$`, 'm'));
  expect(models('list')).toMatchObject({ status: 0, stdout: row(weekly, 'forecast') });
  const store = ['--store', join(folder, 'copies')];
  expect(models('push', daily, weekly, ...store)).toMatchObject({ status: 0, stderr: '' });
  const manifest = join(folder, 'own', registryPath.model(daily), 'manifest.json');
  appendFileSync(manifest, ' ');
  const damaged = { status: 3, stdout: '1 of 2 are whole\n', stderr: expect.stringContaining(`${manifest}: its `) };
  expect(models('verify')).toMatchObject(damaged);
  expect(models('verify', ...store)).toMatchObject({ status: 0, stdout: '2 of 2 are whole\n' });
  const restore = ['restore', daily, '--as', 'forecast', '--reason', 'alarms'];
  expect(models(...restore)).toMatchObject({ status: 3, stderr: expect.stringContaining(`${manifest}: its `) });
  expect(models(...restore, ...store)).toMatchObject({ status: 0 });
  expect(models('list')).toMatchObject({ status: 0, stdout: row(daily, 'forecast') });
  expect(JSON.parse(models('show', daily).stdout)).toMatchObject({
    manifest: { kind: 'seasonal', lag_h: 24 },
    published: [{ as: 'forecast', replaces: weekly, reason: 'alarms' }],
  });
});

test('a model is shown with how much alike it and what it replaced look at the same inputs', async () => {
  const own = join(folder, 'own');
  const first = await randomNetwork(own, { 'last-day': 0.5, calendar: 0.5 });
  const second = await randomNetwork(own, { 'last-day': 0.75, calendar: 0.25 });
  const at = '2026-04-01T02:00:00.000Z';
  await publish(folderStore(own), 'forecast', 0, { model: second, replaces: first, at, compared: null });
  await publish(folderStore(own), 'weekly', 0, { model: second, replaces: await seasonal(168), at, compared: null });
  expect(JSON.parse(models('show', second).stdout)).toMatchObject({
    manifest: { importance: { 'last-day': 0.75, calendar: 0.25 } },
    published: [
      { as: 'forecast', importance_stability: 0.75 },
      { as: 'weekly', importance_stability: null },
    ],
  });
});

const digest = `sha256:${'0'.repeat(64)}`;
test.each([
  ['models', ['lists'], 2, 'npm run models -- list'],
  ['models', ['push', digest], 2, 'npm run models -- push DIGEST... --store STORE'],
  ['models', ['show', 'sha256:12'], 2, '"sha256:12" is no digest'],
  ['models', ['show', digest], 3, 'cannot be read: there is nothing'],
  ['models', ['restore', digest, '--as', 'forecast'], 2, '--as or --reason is missing'],
  ['models', ['restore', digest, '--as', 'A/B', '--reason', 'r'], 2, '--as: "A/B" is no name'],
  ['models', ['list', '--store', 's3://x'], 2, '--store: "s3://x" names no bucket'],
  ['train', ['--as', 'A/B'], 2, '--as: "A/B" is no name'],
  ['train', ['--kind', 'dense,all', '--as', 'forecast'], 2, 'train one kind at a time'],
  ['train', ['--replaces', 'the-last'], 2, '--replaces: "the-last" is no digest'],
  ['train', ['--allow-worse', ' '], 2, '--allow-worse: say why'],
])('%s %o exits with %d', (command, args, status, said) => {
  const registry = ['--registry', join(folder, 'none')];
  expect(run(command, ...args, ...registry)).toMatchObject({ status, stderr: expect.stringContaining(said) });
});
