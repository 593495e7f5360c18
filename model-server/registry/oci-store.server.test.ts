import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { registryPath } from '../../core/registry.ts';
import { sha256 } from '../../core/release.ts';
import { readArtefact, writeArtefact } from '../artefact.ts';
import { fitted, keepsCopies } from './copies.ts';
import { type Crane, type Front, startCrane, startFront, USER } from './oci-registry.ts';
import { ociStore } from './oci-store.ts';
import { modelsIn, pull, push } from './transfer.ts';

/** The registry's blobs, and where it listens: crane's, behind a front that does to its answers what other registries do, or should not. */
let blobs: string;
let crane: Crane;
let front: Front;
let host: string;
beforeAll(async () => {
  blobs = await mkdtemp(join(tmpdir(), 'gridramp-oci-blobs-'));
  crane = await startCrane(blobs);
  front = await startFront(crane.url);
  host = new URL(front.url).host;
});
afterAll(async () => {
  front.close();
  await crane.stop();
  await rm(blobs, { recursive: true });
});

let registry: string;
let model: string;
let repositories = 0;
let address: string;
beforeEach(async () => {
  registry = await mkdtemp(join(tmpdir(), 'gridramp-oci-'));
  // The bytes are this test's alone: a registry keeps each blob once, whatever repository it was pushed to.
  model = await fitted(registry, Uint8Array.from([1, 2, 3, 4, repositories]));
  address = `oci+http://${host}/grid/models-${repositories++}`;
});
afterEach(async () => {
  front.rules = {};
  await rm(registry, { recursive: true });
});

const store = (environment = {}) => ociStore(address, environment);
const keys = { OCI_USERNAME: USER.name, OCI_PASSWORD: USER.password };

async function blobOf(name: string): Promise<string> {
  const { manifest } = await readArtefact(store(), model);
  const files = 'files' in manifest ? Object.entries(manifest.files) : [];
  return files.find(([file]) => name.endsWith(`/${file}`))?.[1].sha256 ?? model;
}

keepsCopies(() => ({
  ...{ registry, model, store: store() },
  damage: async (name) => {
    front.rules.damaged = await blobOf(name);
  },
}));

test.each(['weights.bin', 'manifest.json'])('where the registry has lost %s, pushing again mends it', async (file) => {
  await push(registry, store(), model);
  await rm(join(blobs, ...(await blobOf(`/${file}`)).split(':')));
  await expect(readArtefact(store(), model)).rejects.toThrow(`:${model.slice(7)}/${file}: cannot be read: there is`);
  expect(await push(registry, store(), model)).toBe(false);
  expect((await readArtefact(store(), model)).digest).toBe(model);
});

test.each(['basic', 'bearer'] as const)(
  'who must say who they are (%s) is told which variables to check',
  async (auth) => {
    front.rules.auth = auth;
    expect(await push(registry, store(keys), model)).toBe(true);
    for (const wrong of [{}, { ...keys, OCI_PASSWORD: 'wrong' }])
      await expect(readArtefact(store(wrong), model)).rejects.toThrow(
        /^oci\+http:.*\/manifest\.json: .* answers 401 .*; check OCI_USERNAME, OCI_PASSWORD and what they may do$/s,
      );
    expect((await readArtefact(store(keys), model)).digest).toBe(model);
  },
);

test('a token that is no longer good is asked for again', async () => {
  front.rules.auth = 'bearer';
  const held = store(keys);
  await push(registry, held, model);
  front.renewToken();
  expect((await readArtefact(held, model)).digest).toBe(model);
});

test('blobs that lie elsewhere are followed there, without what authorises at the registry', async () => {
  front.rules.auth = 'bearer';
  await push(registry, store(keys), model);
  front.rules.elsewhere = true;
  expect((await readArtefact(store(keys), model)).digest).toBe(model);
  expect(front.told_elsewhere).toEqual([undefined, undefined]);
});

test('a registry that sends on for ever, or never ends an answer, is given up', async () => {
  await push(registry, store(), model);
  front.rules = { circles: true };
  await expect(readArtefact(store(), model)).rejects.toThrow('the registry sends on more than 3 times');
  front.rules = { endless: true };
  await expect(readArtefact(store(), model)).rejects.toThrow('manifest.json: the answer is longer than 1048576 bytes');
});

test('a registry that is too busy for the moment is asked again', async () => {
  front.rules.busy = 2;
  expect(await push(registry, store(), model)).toBe(true);
});

test('a model is one artefact: its tag the hex of its digest, its layers its files by name', async () => {
  await push(registry, store(), model);
  const hex = model.slice('sha256:'.length);
  const answer = await fetch(`http://${host}/v2/${address.split('/').slice(3).join('/')}/manifests/${hex}`);
  expect(answer.headers.get('content-type')).toBe('application/vnd.oci.image.manifest.v1+json');
  const { artifactType, layers } = (await answer.json()) as { artifactType: string; layers: object[] };
  expect(artifactType).toBe('application/vnd.gridramp.model.v1');
  const weights = await readFile(join(registry, registryPath.model(model), 'weights.bin'));
  const title = (name: string) => ({ 'org.opencontainers.image.title': name });
  expect(layers).toEqual([
    expect.objectContaining({ digest: model, annotations: title('manifest.json') }),
    expect.objectContaining({ digest: sha256(weights), size: weights.length, annotations: title('weights.bin') }),
  ]);
});

test('a model without files, and several in one repository', async () => {
  const plain = await writeArtefact(registry, { kind: 'seasonal', lag_h: 24 }, new Map());
  for (const each of [model, plain]) await push(registry, store(), each);
  expect(await modelsIn(store())).toEqual([model, plain].sort());
  await rm(registry, { recursive: true });
  expect(await pull(store(), registry, plain)).toBe(true);
});

test('where nothing was pushed there is nothing, and what is no model is not kept', async () => {
  expect(await modelsIn(store())).toEqual([]);
  expect(await store().list('published')).toEqual([]);
  expect(await store().read(`${registryPath.model(model)}/manifest.json`, 10)).toBeNull();
  await expect(store().writeIfAbsent('published/forecast/000001.json', new Uint8Array(1))).rejects.toThrow(
    `${address}published/forecast/000001.json: an OCI registry holds models alone`,
  );
});

test('it reads no more than it was told to', async () => {
  await push(registry, store(), model);
  const name = `${registryPath.model(model)}/weights.bin`;
  await expect(store().read(name, 4)).rejects.toThrow(
    `${address}:${model.slice(7)}/weights.bin: its 5 bytes are more than 4`,
  );
});
