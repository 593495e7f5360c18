import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { registryPath } from '../../core/registry.ts';
import { isWhole } from '../artefact.ts';
import { fitted, flip, flipBit, keepsCopies } from './copies.ts';
import { folderStore } from './folder-store.ts';
import { publications, publish } from './publications.ts';
import { restore } from './restore.ts';
import { s3Store } from './s3-store.ts';
import type { Store } from './store.ts';
import { type StubS3, stubKeys, stubS3 } from './stub-s3.ts';
import { push } from './transfer.ts';

let folder: string;
let registry: string;
let s3: StubS3;
let model: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gridramp-transfer-'));
  registry = join(folder, 'own');
  s3 = await stubS3('bucket');
  model = await fitted(registry, Uint8Array.from([1, 2, 3, 4]));
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
  keepsCopies(() => ({ registry, model, store: open(), damage }));
});

test('an earlier model is restored by its digest from a store, and the name stands for it again', async () => {
  const own = folderStore(registry);
  const later = await fitted(registry, Uint8Array.from([5, 6]));
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
