import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { registryPath } from '../core/registry.ts';
import { canonicalJson, type Release, sha256 } from '../core/release.ts';
import { type Manifest, parseManifest, parseRelease } from './manifest.ts';

/** A model as the registry holds it, every byte of it verified against its digest. */
export type Artefact = { digest: string; manifest: Manifest; files: ReadonlyMap<string, Uint8Array> };

/** The digest or the content of something in the registry is not what it should be: nothing may be served from it. */
export class RegistryError extends Error {
  constructor(path: string, message: string, options?: ErrorOptions) {
    super(`${path}: ${message}`, options);
    this.name = 'RegistryError';
  }
}

/** Writes a model and returns its digest. Readers see all of it or nothing; writing it again changes nothing, or repairs it if it was damaged. */
export async function writeArtefact(
  registry: string,
  manifest: Manifest,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<string> {
  const bytes = canonicalJson(manifest);
  const digest = sha256(bytes);
  const folder = join(registry, registryPath.model(digest));
  const draft = join(dirname(folder), `.draft-${randomUUID()}`);
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
    if (error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST'))
      return false;
    throw error;
  }
}

async function isWhole(registry: string, digest: string): Promise<boolean> {
  try {
    await loadArtefact(registry, digest);
    return true;
  } catch (error) {
    if (error instanceof RegistryError) return false;
    throw error;
  }
}

/** Loads a model and refuses a single wrong byte in its manifest or in any file that it names. */
export async function loadArtefact(registry: string, digest: string): Promise<Artefact> {
  const folder = join(registry, registryPath.model(digest));
  const manifest = parseManifest(join(folder, 'manifest.json'), await verified(join(folder, 'manifest.json'), digest));
  const files = new Map<string, Uint8Array>();
  for (const [name, expected] of Object.entries('files' in manifest ? manifest.files : {}))
    files.set(name, await verified(join(folder, name), expected.sha256));
  return { digest, manifest, files };
}

/** The release of a digest, verified. */
export async function loadRelease(registry: string, digest: string): Promise<Release> {
  const path = join(registry, registryPath.release(digest));
  return parseRelease(path, await verified(path, digest));
}

async function verified(path: string, digest: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new RegistryError(
      path,
      `cannot be read (${cause.code}); is REGISTRY the folder that the model was written to?`,
      { cause },
    );
  });
  const actual = sha256(bytes);
  if (actual !== digest)
    throw new RegistryError(
      path,
      `its ${bytes.length} bytes are ${actual} instead of ${digest}; delete it and write it to the registry again`,
    );
  return bytes;
}
