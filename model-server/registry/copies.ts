import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { registryPath } from '../../core/registry.ts';
import { sha256 } from '../../core/release.ts';
import { isWhole, writeArtefact } from '../artefact.ts';
import { folderStore } from './folder-store.ts';
import type { Store } from './store.ts';
import { modelsIn, pull, push } from './transfer.ts';

/** A registry that holds a `fitted` model, and a store that holds nothing; `damage` turns a bit of what lies under a name there. */
type Made = { registry: string; model: string; store: Store; damage: (name: string) => Promise<void> };

/** For tests: what every store of models must do. */
export function keepsCopies(made: () => Made): void {
  test('a model that was lost or damaged comes back, and one that is whole is left alone', async () => {
    const { registry, model, store } = made();
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
    const { registry, model, store, damage } = made();
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
    const { registry, model, store } = made();
    await store.writeIfAbsent(`${registryPath.model(model)}/weights.bin`, Uint8Array.from([1, 2, 3, 4]));
    expect(await modelsIn(store)).toEqual([]);
    expect(await push(registry, store, model)).toBe(true);
    expect(await modelsIn(store)).toEqual([model]);
  });
}

/** One wrong bit in a file. */
export async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  flipBit(bytes);
  await writeFile(path, bytes);
}

export function flipBit(bytes: Buffer): void {
  bytes[2] = (bytes[2] ?? 0) ^ 1;
}

/** A model of these weights, in the registry. */
export function fitted(registry: string, weights: Uint8Array): Promise<string> {
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
