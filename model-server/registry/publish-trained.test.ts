import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { registryPath } from '../../core/registry.ts';
import { sha256 } from '../../core/release.ts';
import { hourOfIso, isoOfHour, type Telemetry } from '../../core/telemetry.ts';
import { readArtefact, writeArtefact } from '../artefact.ts';
import { trainingHours } from '../split.ts';
import { folderStore } from './folder-store.ts';
import { publications } from './publications.ts';
import { publishTrained } from './publish-trained.ts';
import type { Store } from './store.ts';

const HOURS = 2000;
/** Every week is as the last one but for a ripple, and no day as the one before: yesterday is a bad forecast, last week a good one. */
const telemetry: Telemetry = {
  name: 'weekly',
  stations: ['a', 'b'].map((station_id) => ({ station_id, name: station_id })),
  start_h: hourOfIso('2026-01-05T00:00:00Z'),
  hours: HOURS,
  values_kw: [1, 5].map((size) =>
    Float64Array.from({ length: HOURS }, (_, h) => size * (20 + 3 * (Math.floor(h / 24) % 7) + Math.sin(h * h))),
  ),
};

let registry: string;
let weekly: string;
let daily: string;
beforeEach(async () => {
  registry = await mkdtemp(join(tmpdir(), 'gridramp-publish-'));
  weekly = await writeArtefact(registry, { kind: 'seasonal', lag_h: 168 }, new Map());
  daily = await writeArtefact(registry, { kind: 'seasonal', lag_h: 24 }, new Map());
});
afterEach(() => rm(registry, { recursive: true }));

const now = () => new Date('2026-04-01T02:00:00Z');
const publishAs = (model: string, more: { replaces?: string; allow_worse?: string; model_store?: Store } = {}) =>
  publishTrained(model, { registry, telemetry, name: 'forecast', now, ...more });
const published = () => publications(folderStore(registry), 'forecast');

test('the first model under a name must not be worse than the existing forecast, and the next not than the first', async () => {
  expect(await publishAs(weekly)).toMatchObject({
    outcome: 'published',
    replaces: daily,
    compared: { from: isoOfHour(telemetry.start_h + trainingHours(telemetry)), stations: 2, stations_worse: 0 },
  });
  const { outcome, replaces, compared } = await publishAs(daily);
  expect({ outcome, replaces }).toEqual({ outcome: 'refused', replaces: weekly });
  expect(compared).toMatchObject({ stations: 2, stations_worse: 2 });
  expect(compared?.nmae).toBeGreaterThan(compared?.nmae_replaced ?? 1);
  expect((await published()).map(({ model }) => model)).toEqual([weekly]);
});

test('with a store beside the registry, a name stands for nothing that the store has not', async () => {
  const copies = folderStore(join(registry, 'copies'));
  const full = { ...copies, writeIfAbsent: () => Promise.reject(new Error('ENOSPC: no space left')) };
  await expect(publishAs(weekly, { model_store: full })).rejects.toThrow('ENOSPC');
  expect(await published()).toEqual([]);
  expect(await publishAs(weekly, { model_store: copies })).toMatchObject({ outcome: 'published' });
  expect((await readArtefact(copies, weekly)).digest).toBe(weekly);
  expect(await publishAs(daily, { model_store: copies })).toMatchObject({ outcome: 'refused' });
  await expect(readArtefact(copies, daily)).rejects.toThrow('there is nothing');
});

test('a worse one is published for a reason, which is kept with the comparison', async () => {
  await publishAs(weekly);
  expect(await publishAs(daily, { allow_worse: 'meters of a week are lost' })).toMatchObject({ outcome: 'published' });
  const [, second] = await published();
  expect(second).toMatchObject({ model: daily, replaces: weekly, at: '2026-04-01T02:00:00.000Z' });
  expect(second?.reason).toBe('meters of a week are lost');
  expect(second?.compared?.stations_worse).toBe(2);
});

test('no reason is kept where none was needed, and the same model again changes nothing', async () => {
  await publishAs(weekly, { allow_worse: 'in case of doubt' });
  expect((await published())[0]).not.toHaveProperty('reason');
  expect(await publishAs(weekly)).toMatchObject({ outcome: 'unchanged', replaces: weekly });
  expect(await published()).toHaveLength(1);
});

test('a model may be compared with another one than the name stands for', async () => {
  await publishAs(weekly);
  expect(await publishAs(daily, { replaces: daily })).toMatchObject({ outcome: 'published', replaces: daily });
});

test('what it replaces is damaged or gone: refused with its path, unless a person says why', async () => {
  await publishAs(weekly);
  const manifest = join(registry, registryPath.model(weekly), 'manifest.json');
  await writeFile(manifest, '{"kind":"seasonal","lag_h":144}');
  expect(await publishAs(daily)).toMatchObject({
    outcome: 'refused',
    compared: null,
    incomparable: expect.stringContaining(`${manifest}: its 31 bytes are sha256:`),
  });
  expect(await publishAs(daily, { allow_worse: 'disk failed' })).toMatchObject({
    outcome: 'published',
    compared: null,
  });
  expect((await published()).at(-1)).toMatchObject({ model: daily, compared: null, reason: 'disk failed' });
});

test('what it replaces was trained on the hours to compare by: only later ones count, and too few decide nothing', async () => {
  const trainedTo = (hour: number) => linear(isoOfHour(telemetry.start_h + hour));
  expect(await publishAs(daily, { replaces: await trainedTo(HOURS - 100) })).toMatchObject({
    outcome: 'refused',
    incomparable: expect.stringContaining('only 75 hours of weekly come after what both were trained on'),
  });
});

test('a publication that cannot be read is named, and nothing is published after it', async () => {
  await publishAs(weekly);
  const file = join(registry, registryPath.publication('forecast', 1));
  await writeFile(file, (await readFile(file, 'utf8')).slice(0, -5));
  await expect(publishAs(daily)).rejects.toThrow(`${file}: is no publication`);
});

test('of two who publish at once one is told', async () => {
  const [first, second] = await Promise.allSettled([publishAs(weekly), publishAs(daily, { allow_worse: 'race' })]);
  const lost = [first, second].filter(({ status }) => status === 'rejected');
  expect(lost).toHaveLength(1);
  expect(lost).toMatchObject([{ reason: { message: expect.stringContaining('000001.json: was just published') } }]);
  expect(await published()).toHaveLength(1);
});

/** A fitted model by its manifest alone: what it was trained on counts before it is opened. */
function linear(to: string): Promise<string> {
  const figures = { nmae: 1, nmae_control: 1, gain: 0, mae_ratio: 1, stations: 1, stations_worse: 0 };
  const { code, data } = { code: sha256('code'), data: { name: 'x', digest: sha256('x'), stations: 1, from: to, to } };
  const metrics = { from: to, to, ...figures };
  return writeArtefact(
    registry,
    { kind: 'ridge', files: {}, linear_version: 1, data, metrics, code, versions: {} },
    new Map(),
  );
}
