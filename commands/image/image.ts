import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../../core/input-error.ts';
import { type Artefact, cacheRoot, folderOf, isMade, keyOf, make, markUsed } from '../bootstrap/artefact.mjs';
import { debianArtefact, imageBaseArtefact } from '../bootstrap/containers.mjs';
import { type ImageFacts, type ImageRequest, imageFiles, makeImage, OWN_BASE, writeJson } from './build.ts';
import { provenance } from './provenance.ts';
import type { BuiltVariant } from './variants.ts';

export type BuiltImage = {
  /** An OCI archive, as `ctr images import` takes it. */
  archive: string;
  /** Of the image's manifest: what a Rollout names. */
  digest: string;
  bytes: number;
  sbom: string;
  provenance: string;
};

/** A cpu image takes 60 MB, and every change of the server's code makes another. */
const MOST_KEPT = 4;

/**
 * The image of the checkout's files as they are now, and what is said about it, in the folder `out`. It is built only where the cache has none of the very
 * same files: half a minute, or none. It needs root, and setUp(root, 'containers').
 * @throws InputError for a base that is not named by its digest, and on a machine that cannot build; another error where a step of the build fails
 */
export async function buildImage({ out, ...request }: ImageRequest & { out: string }): Promise<BuiltImage> {
  const { root, variant, base = OWN_BASE } = request;
  if (base !== OWN_BASE && !/^\S+@sha256:[0-9a-f]{64}$/.test(base))
    throw new InputError([
      { place: '--base', message: `"${base}" has no digest`, fix: 'give NAME@sha256:<64 hex digits>' },
    ]);
  const made = await keptImage({ ...request, base });
  await mkdir(out, { recursive: true });
  const at = (name: string) => join(out, `${variant}.${name}`);
  const built = { archive: at(imageFiles.archive), sbom: at(imageFiles.sbom), provenance: at('provenance.json') };
  await copyFile(join(made, imageFiles.archive), built.archive);
  await copyFile(join(made, imageFiles.sbom), built.sbom);
  const facts = await factsIn(made);
  // The same image may come of two commits.
  await writeJson(built.provenance, await provenance(root, variant, facts));
  return { ...built, digest: facts.digest, bytes: (await stat(built.archive)).size };
}

/** The digest of the image of the checkout's files as they are now, where it was built before and is kept; null where it is not. It needs no rights. */
export async function builtDigest(root: string, variant: BuiltVariant): Promise<string | null> {
  const artefact = await artefactOf({ root, variant, base: OWN_BASE });
  const cache = cacheRoot();
  return isMade(cache, artefact) ? (await factsIn(folderOf(cache, artefact))).digest : null;
}

async function factsIn(folder: string): Promise<ImageFacts> {
  return JSON.parse(await readFile(join(folder, imageFiles.facts), 'utf8'));
}

/** The folder of the cache that has the image, which is built where there is none. */
async function keptImage(request: Required<ImageRequest>): Promise<string> {
  const artefact = await artefactOf(request);
  const cache = cacheRoot();
  await make(cache, artefact, { say: () => {}, log: '' });
  markUsed(cache, [artefact]);
  await removeOldest(cache, `${artefact.name}-`);
  return folderOf(cache, artefact);
}

async function artefactOf(request: Required<ImageRequest>): Promise<Artefact> {
  const { root, variant, base } = request;
  return {
    name: `image-${variant}`,
    title: `image ${variant}`,
    key: keyOf([1, base, debianArtefact(root).key, imageBaseArtefact(root).key, await sourcesDigest(root)]),
    files: Object.values(imageFiles),
    tools: [],
    typical_s: 30,
    disk_mb: 100,
    make: (folder) => makeImage(request, folder),
  };
}

/** SHA-256 of all that a build may take from the checkout, and of how it does that. */
async function sourcesDigest(root: string): Promise<string> {
  const hash = createHash('sha256');
  const folders = ['core', 'model-server', join('commands', 'image')];
  const files = await Promise.all(folders.map((folder) => filesBelow(root, folder)));
  for (const path of ['.dockerignore', join('tools', 'pins.mjs'), ...files.flat().sort()])
    hash
      .update(`${path}\0`)
      .update(await readFile(join(root, path)))
      .update('\0');
  return hash.digest('hex');
}

async function filesBelow(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'));
  return files.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

async function removeOldest(cache: string, prefix: string): Promise<void> {
  const names = (await readdir(cache)).filter((name) => name.startsWith(prefix));
  const used = await Promise.all(
    names.map(async (name) => ({ name, used_ms: (await stat(join(cache, name))).mtimeMs })),
  );
  const oldest = used.sort((a, b) => b.used_ms - a.used_ms).slice(MOST_KEPT);
  for (const { name } of oldest) await rm(join(cache, name), { recursive: true, force: true });
}
