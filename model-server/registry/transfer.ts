import { registryPath } from '../../core/registry.ts';
import { canonicalJson, sha256 } from '../../core/release.ts';
import { isWhole, loadArtefact, readArtefact, writeArtefact } from '../artefact.ts';
import { RegistryError, type Store } from './store.ts';

/** Digests of the models in a store, sorted: those whose manifest is there, since it is written last. */
export async function modelsIn(store: Store): Promise<string[]> {
  const names = await store.list('models');
  return names.flatMap((name) => {
    const hex = /^models\/([0-9a-f]{64})\/manifest\.json$/.exec(name)?.[1];
    return hex === undefined ? [] : [`sha256:${hex}`];
  });
}

/** Copies a model from a registry to a store, and reads it back. False where it was there. A damaged one there is refused by its path. */
export async function push(registry: string, store: Store, digest: string): Promise<boolean> {
  const { manifest, files } = await loadArtefact(registry, digest);
  const folder = registryPath.model(digest);
  for (const [name, bytes] of files) await store.writeIfAbsent(`${folder}/${name}`, bytes);
  const written = await store.writeIfAbsent(`${folder}/manifest.json`, Buffer.from(canonicalJson(manifest)));
  await readArtefact(store, digest);
  return written;
}

/** Copies a model from a store to a registry, where it replaces a damaged one. False where it was there with every byte as it should be. */
export async function pull(store: Store, registry: string, digest: string): Promise<boolean> {
  if (await isWhole(registry, digest)) return false;
  const { manifest, files } = await readArtefact(store, digest);
  const written = await writeArtefact(registry, manifest, files);
  if (written === digest) return true;
  throw new RegistryError(
    store.path(`${registryPath.model(digest)}/manifest.json`),
    `says the same as ${sha256(canonicalJson(manifest))} in other bytes; was it written by hand?`,
  );
}
