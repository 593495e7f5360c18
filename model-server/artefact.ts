import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '../core/error-code.ts';
import { registryPath } from '../core/registry.ts';
import { canonicalJson, type Release, sha256 } from '../core/release.ts';
import { type Manifest, parseManifest, parseRelease } from './manifest.ts';
import { folderStore } from './registry/folder-store.ts';
import { RegistryError, type Store } from './registry/store.ts';
import { DRAFT } from './shared-files.ts';

/** A model as the registry holds it, every byte of it verified against its digest. */
export type Artefact = { digest: string; manifest: Manifest; files: ReadonlyMap<string, Uint8Array> };

/** Most that a manifest, or a release, may take. */
const MAX_TEXT_BYTES = 1024 * 1024;

/** Writes a model and returns its digest. Readers see all of it or nothing; writing it again changes nothing, or repairs it if it was damaged. */
export async function writeArtefact(
  registry: string,
  manifest: Manifest,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<string> {
  const bytes = canonicalJson(manifest);
  const digest = sha256(bytes);
  const folder = join(registry, registryPath.model(digest));
  const draft = join(dirname(folder), `${DRAFT}${randomUUID()}`);
  await mkdir(draft, { recursive: true });
  try {
    for (const [name, content] of files) await writeFile(join(draft, name), content, { flush: true });
    await writeFile(join(draft, 'manifest.json'), bytes, { flush: true });
    if (!(await moved(draft, folder)) && !(await isWhole(registry, digest))) {
      await rm(folder, { recursive: true });
      await moved(draft, folder);
    }
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  await loadArtefact(registry, digest);
  return digest;
}

/** False when something lies there already. */
async function moved(draft: string, folder: string): Promise<boolean> {
  try {
    await rename(draft, folder);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Whether a model lies in the registry with every byte as it should be. */
export async function isWhole(registry: string, digest: string): Promise<boolean> {
  try {
    await loadArtefact(registry, digest);
    return true;
  } catch (error) {
    if (error instanceof RegistryError) return false;
    throw error;
  }
}

/** As `readArtefact`, of a folder. */
export function loadArtefact(registry: string, digest: string): Promise<Artefact> {
  return readArtefact(folderStore(registry), digest);
}

/** As `loadArtefact`; a model that the registry has not, or damaged, is taken from the store beside it, if there is one. */
export async function loadModel(registry: string, digest: string, beside: Store | undefined): Promise<Artefact> {
  try {
    return await loadArtefact(registry, digest);
  } catch (error) {
    if (beside === undefined || !(error instanceof RegistryError)) throw error;
    return readArtefact(beside, digest).catch((cause) => {
      throw new RegistryError(error.message, `and the store beside the registry does not help: ${cause}`, { cause });
    });
  }
}

/** Reads a model and refuses a single wrong byte in its manifest or in any file that it names. */
export async function readArtefact(store: Store, digest: string): Promise<Artefact> {
  const folder = registryPath.model(digest);
  const name = `${folder}/manifest.json`;
  const manifest = parseManifest(store.path(name), await verified(store, name, digest, MAX_TEXT_BYTES));
  const files = new Map<string, Uint8Array>();
  for (const [file, { sha256, bytes }] of Object.entries('files' in manifest ? manifest.files : {}))
    files.set(file, await verified(store, `${folder}/${file}`, sha256, bytes));
  return { digest, manifest, files };
}

/** The release of a digest, verified. */
export async function loadRelease(registry: string, digest: string): Promise<Release> {
  const [store, name] = [folderStore(registry), registryPath.release(digest)];
  return parseRelease(store.path(name), await verified(store, name, digest, MAX_TEXT_BYTES));
}

async function verified(store: Store, name: string, digest: string, limit_bytes: number): Promise<Uint8Array> {
  const bytes = await store.read(name, limit_bytes);
  if (bytes === null)
    throw new RegistryError(
      store.path(name),
      'cannot be read: there is nothing; is this the registry that it was written to?',
    );
  const actual = sha256(bytes);
  if (actual !== digest)
    throw new RegistryError(
      store.path(name),
      `its ${bytes.length} bytes are ${actual} instead of ${digest}; delete it and write it to the registry again`,
    );
  return bytes;
}
