import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { registryPath } from '../../core/registry.ts';
import { sha256 } from '../../core/release.ts';
import { isWhole, writeArtefact } from '../artefact.ts';
import { folderStore } from './folder-store.ts';
import { publications, publish } from './publications.ts';
import { restore } from './restore.ts';
import { s3Store } from './s3-store.ts';
import type { Store } from './store.ts';
import { type StubS3, stubKeys, stubS3 } from './stub-s3.ts';
import { modelsIn, pull, push } from './transfer.ts';

let folder: string;
let registry: string;
let s3: StubS3;
let model: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gridramp-transfer-'));
  registry = join(folder, 'own');
  s3 = await stubS3('bucket');
  model = await fitted(Uint8Array.from([1, 2, 3, 4]));
});
afterEach(async () => {
  s3.close();
  await rm(folder, { recursive: true });
});

const bucket = () =>
  s3Store('s3://bucket/grid', {
    ...{ AWS_ENDPOINT_URL_S3: s3.url, AWS_ACCESS_KEY_ID: stubKeys.id, AWS_SECRET_ACCESS_KEY: stubKeys.secret },
  });

describe.each<[string, () => Store, (name: string) => Promise<void>]>([
  ['a folder', () => folderStore(join(folder, 'copies')), (name) => flip(join(folder, 'copies', name))],
  ['a bucket', bucket, async (name) => flipBit(s3.objects.get(`grid/${name}`) ?? Buffer.alloc(1))],
])('%s', (_, open, damage) => {
  test('a model that was lost or damaged comes back, and one that is whole is left alone', async () => {
    const store = open();
    expect(await push(registry, store, model)).toBe(true);
    expect(await push(registry, store, model)).toBe(false);
    expect(await modelsIn(store)).toEqual([model]);
    expect(await pull(store, registry, model)).toBe(false);
    await flip(join(registry, registryPath.model(model), 'weights.bin'));
    expect(await isWhole(registry, model)).toBe(false);
    expect(await pull(store, registry, model)).toBe(true);
    await rm(registry, { recursive: true });
    expect(await pull(store, registry, model)).toBe(true);
    expect(await isWhole(registry, model)).toBe(true);
  });

  test.each(['weights.bin', 'manifest.json'])('one wrong bit of %s is refused by its path, both ways', async (file) => {
    const store = open();
    await push(registry, store, model);
    const name = `${registryPath.model(model)}/${file}`;
    await damage(name);
    const refusal = `${store.path(name)}: its `;
    await expect(push(registry, store, model)).rejects.toThrow(refusal);
    await rm(join(registry, registryPath.model(model)), { recursive: true });
    await expect(pull(store, registry, model)).rejects.toThrow(refusal);
    expect(await modelsIn(folderStore(registry))).toEqual([]);
  });

  test('a model whose copying was cut off is no model, and is completed by the next', async () => {
    const store = open();
    await store.writeIfAbsent(`${registryPath.model(model)}/weights.bin`, Uint8Array.from([1, 2, 3, 4]));
    expect(await modelsIn(store)).toEqual([]);
    expect(await push(registry, store, model)).toBe(true);
    expect(await modelsIn(store)).toEqual([model]);
  });
});

test('an earlier model is restored by its digest from a store, and the name stands for it again', async () => {
  const own = folderStore(registry);
  const later = await fitted(Uint8Array.from([5, 6]));
  const now = () => new Date('2026-05-01T00:00:00Z');
  const publication = { replaces: model, at: now().toISOString(), compared: null };
  await publish(own, 'forecast', 0, { model: later, ...publication });
  await push(registry, bucket(), model);
  await rm(join(registry, registryPath.model(model)), { recursive: true });
  const options = { registry, name: 'forecast', reason: 'alarms since Monday', now };
  await expect(restore(model, { ...options, store: null })).rejects.toThrow('cannot be read: there is nothing');
  expect(await publications(own, 'forecast')).toHaveLength(1);
  await restore(model, { ...options, store: bucket() });
  expect((await publications(own, 'forecast')).at(-1)).toEqual({
    ...{ model, replaces: later, at: '2026-05-01T00:00:00.000Z', compared: null, reason: 'alarms since Monday' },
  });
  expect(await isWhole(registry, model)).toBe(true);
  expect(await restore(model, { ...options, store: null })).toEqual({ stood_for: model });
  expect(await publications(own, 'forecast')).toHaveLength(2);
});

test('nothing is restored under a name that nobody used', async () => {
  const options = { registry, store: null, name: 'forcast', reason: 'r', now: () => new Date(0) };
  await expect(restore(model, options)).rejects.toThrow('--as: nothing was published as "forcast"');
});

async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  flipBit(bytes);
  await writeFile(path, bytes);
}

function flipBit(bytes: Buffer): void {
  bytes[2] = (bytes[2] ?? 0) ^ 1;
}

function fitted(weights: Uint8Array): Promise<string> {
  const figures = { nmae: 1, nmae_control: 1, gain: 0, mae_ratio: 1, stations: 1, stations_worse: 0 };
  const manifest = {
    ...{
      kind: 'dense' as const,
      features_version: 1,
      hidden: [2],
      margins: new Array(24).fill(1),
      seed: 1,
      steps: 1,
      code: sha256('code'),
      versions: {},
    },
    files: { 'weights.bin': { sha256: sha256(weights), bytes: weights.byteLength } },
    data: { name: 'set', digest: sha256('set'), stations: 1, from: 'a', to: 'b' },
    metrics: { from: 'a', to: 'b', ...figures },
  };
  return writeArtefact(registry, manifest, new Map([['weights.bin', weights]]));
}
