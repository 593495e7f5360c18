import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { registryPath } from '../core/registry.ts';
import { sha256 } from '../core/release.ts';
import { loadArtefact, loadModel, loadRelease, writeArtefact } from './artefact.ts';
import { type DenseManifest, parseManifest, parseRelease } from './manifest.ts';
import { folderStore } from './registry/folder-store.ts';
import { RegistryError } from './registry/store.ts';

let registry: string;
beforeEach(async () => {
  registry = await mkdtemp(join(tmpdir(), 'gridramp-registry-'));
});
afterEach(() => rm(registry, { recursive: true }));

const weights = Uint8Array.from([1, 2, 3, 4]);
const manifest: DenseManifest = {
  kind: 'dense',
  files: { 'weights.bin': { sha256: sha256(weights), bytes: 4 } },
  features_version: 1,
  hidden: [2],
  margins: new Array(24).fill(1),
  seed: 1,
  steps: 1,
  data: { name: 'set', digest: sha256('set'), stations: 1, from: 'a', to: 'b' },
  metrics: { from: 'a', to: 'b', nmae: 1, nmae_control: 1, gain: 0, mae_ratio: 1, stations: 1, stations_worse: 0 },
  code: sha256('code'),
  versions: {},
};

test('what was written is loaded, and writing it again changes nothing', async () => {
  const digest = await writeArtefact(registry, manifest, new Map([['weights.bin', weights]]));
  expect(await writeArtefact(registry, manifest, new Map([['weights.bin', weights]]))).toBe(digest);
  const { manifest: loaded, files } = await loadArtefact(registry, digest);
  expect(loaded).toEqual(manifest);
  expect([...(files.get('weights.bin') ?? [])]).toEqual([1, 2, 3, 4]);
  expect(await readdir(join(registry, 'models'))).toHaveLength(1);
});

test.each(['weights.bin', 'manifest.json'])(
  'one wrong byte in %s is refused by name, and repaired by writing it again',
  async (name) => {
    const digest = await writeArtefact(registry, manifest, new Map([['weights.bin', weights]]));
    const path = join(registry, registryPath.model(digest), name);
    const bytes = await readFile(path);
    bytes[2] = (bytes[2] ?? 0) ^ 1;
    await writeFile(path, bytes);
    const refusal = loadArtefact(registry, digest);
    await expect(refusal).rejects.toThrow(RegistryError);
    await expect(refusal).rejects.toThrow(`${name}: its ${bytes.length} bytes are sha256:`);
    await writeArtefact(registry, manifest, new Map([['weights.bin', weights]]));
    expect((await loadArtefact(registry, digest)).manifest).toEqual(manifest);
  },
);

test('a model that is damaged or gone is taken from the store beside the registry; damaged there too, both are named', async () => {
  const copies = join(registry, 'copies');
  const digest = await writeArtefact(registry, manifest, new Map([['weights.bin', weights]]));
  await writeArtefact(copies, manifest, new Map([['weights.bin', weights]]));
  const path = (folder: string) => join(folder, registryPath.model(digest), 'weights.bin');
  await writeFile(path(registry), 'none');
  await expect(loadModel(registry, digest, undefined)).rejects.toThrow(`${path(registry)}: its 4 bytes are sha256:`);
  const { files } = await loadModel(registry, digest, folderStore(copies));
  expect([...(files.get('weights.bin') ?? [])]).toEqual([...weights]);
  await writeFile(path(copies), 'some');
  const refusal = loadModel(registry, digest, folderStore(copies));
  await expect(refusal).rejects.toThrow(RegistryError);
  await expect(refusal).rejects.toThrow(`${path(registry)}: its 4 bytes are sha256:`);
  await expect(refusal).rejects.toThrow(`${path(copies)}: its 4 bytes are sha256:`);
});

test('a manifest that is whole but says something unknown is refused', async () => {
  const digest = await writeArtefact(registry, { kind: 'seasonal', lag_h: 24 }, new Map());
  const path = join(registry, registryPath.model(digest), 'manifest.json');
  expect(await readFile(path, 'utf8')).toBe('{"kind":"seasonal","lag_h":24}');
  // An unchecked extra property would make two digests of one model.
  await expect(writeArtefact(registry, { kind: 'seasonal', lag_h: 23 }, new Map())).rejects.toThrow(
    'it/lag_h must be >= 24',
  );
});

test.each(['sesonal', 'constructor'])('a manifest of kind %s says which kinds there are', (kind) => {
  expect(() => parseManifest('m.json', Buffer.from(JSON.stringify({ kind })))).toThrow(
    `m.json: it/kind must be one of seasonal, scaled, dense, edge, ridge, online, ensemble, all, fallback, not "${kind}"`,
  );
});

test('a release that is not there says where it was looked for', async () => {
  await expect(loadRelease(registry, sha256('nothing'))).rejects.toThrow(
    /releases\/[0-9a-f]{64}\.json: cannot be read: there is nothing/,
  );
});

test('a release that names no backend there is says which there are', () => {
  const server = { backends: ['simd', 'tensorflow'] };
  const bytes = Buffer.from(JSON.stringify({ image: 'i', model: sha256('m'), flags: {}, server }));
  expect(() => parseRelease('r.json', bytes)).toThrow(
    'r.json: it/server/backends/1 must be equal to one of the allowed values (simd, gpu, native, wasm, js)',
  );
});
