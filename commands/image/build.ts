import { createReadStream } from 'node:fs';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { cacheRoot, folderOf } from '../bootstrap/artefact.mjs';
import { debianArtefact, imageBaseArtefact } from '../bootstrap/containers.mjs';
import { nodeBinary } from '../bootstrap/npm-packages.mjs';
import { type Buildah, withBuildah } from './buildah.ts';
import { sbom } from './sbom.ts';
import { type BuiltVariant, dockerfilePath } from './variants.ts';

/** A base made of pinned Debian packages, npm and the checkout's own Node: no registry of images is asked. */
export const OWN_BASE = 'own';

export type ImageRequest = {
  /** The checkout. */
  root: string;
  variant: BuiltVariant;
  /** NAME@sha256:..., or OWN_BASE, which is the default. */
  base?: string;
};

/** What a build leaves in its folder. */
export const imageFiles = { archive: 'oci.tar', sbom: 'sbom.json', facts: 'image.json' } as const;
/** The digest of the image's manifest, and the base by its digest. */
export type ImageFacts = { digest: string; base: string };

/**
 * Builds a variant's image from the checkout's files into `folder`, with nothing of the machine's or the hour's in it: the same files, the same digest.
 * It needs what `npm run` calls `containers`: root, and setUp(root, 'containers').
 * @throws InputError on a machine that cannot build; another error where a step of the build fails, with what it said
 */
export function makeImage({ root, variant, base = OWN_BASE }: ImageRequest, folder: string): Promise<void> {
  return withBuildah(root, async (buildah) => {
    const reference = base === OWN_BASE ? await ownBase(root, buildah) : base;
    await build(root, variant, reference, buildah);
    const archive = join(folder, imageFiles.archive);
    await buildah.ask('push', ...policy(root), variant, `oci-archive:${archive}:${variant}`);
    const digest = await digestOf(archive);
    const facts: ImageFacts = { digest, base: reference };
    await writeJson(join(folder, imageFiles.facts), facts);
    await writeJson(
      join(folder, imageFiles.sbom),
      await sbom(root, variant, digest, await systemRecords(variant, buildah)),
    );
  });
}

/** Makes the own base in buildah's storage, and names it by its digest. */
async function ownBase(root: string, { ask, work }: Buildah): Promise<string> {
  const context = join(work, 'base');
  await cp(join(folderOf(cacheRoot(), imageBaseArtefact(root)), 'root'), join(context, 'root'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  await cp(nodeBinary(root), join(context, 'root', 'usr', 'local', 'bin', 'node'));
  await writeFile(join(context, 'Dockerfile'), 'FROM scratch\nCOPY root /\nENV PATH=/usr/local/bin\n');
  const name = 'localhost/gridramp/base';
  await ask('build', ...policy(root), '--timestamp=0', '--tag', name, context);
  const images: { names?: string[]; digest: string }[] = JSON.parse(await ask('images', '--json'));
  const digest = images.find(({ names }) => names?.some((known) => known.startsWith(name)))?.digest;
  if (digest === undefined) throw new Error('buildah does not know the base that it has just made');
  return `${name}@${digest}`;
}

async function build(root: string, variant: BuiltVariant, base: string, { ask, work }: Buildah): Promise<void> {
  // The machine's certificates, where it reaches npm's registry through a proxy of its own. Nothing of them is in the image.
  const npmrc = join(work, 'npmrc');
  await writeFile(npmrc, 'cafile=/etc/ssl/certs/ca-certificates.crt\n');
  await ask(
    'build',
    ...policy(root),
    ...['--timestamp=0', base.startsWith('localhost/') ? '--pull-never' : '--pull'],
    ...['--volume=/etc/ssl/certs:/etc/ssl/certs:ro', `--secret=id=npmrc,src=${npmrc}`],
    ...['--build-arg', `BASE=${base}`],
    ...['--file', dockerfilePath(variant), '--tag', variant, '.'],
  );
}

function policy(root: string): string[] {
  const etc = join(folderOf(cacheRoot(), debianArtefact(root)), 'root', 'etc', 'containers');
  return [`--signature-policy=${join(etc, 'policy.json')}`];
}

/** dpkg's records of what the image has of Debian. */
async function systemRecords(variant: BuiltVariant, { ask }: Buildah): Promise<string[]> {
  const container = await ask('from', '--pull-never', variant);
  const mounted = await ask('mount', container);
  const folder = join(mounted, 'var', 'lib', 'dpkg', 'status.d');
  return Promise.all((await readdir(folder)).sort().map((name) => readFile(join(folder, name), 'utf8')));
}

/** The digest of the one image of an OCI archive. */
async function digestOf(archive: string): Promise<string> {
  const entries = createReadStream(archive).pipe(extract());
  for await (const entry of entries) {
    if (entry.header.name === 'index.json') {
      const index: { manifests: { digest: string }[] } = JSON.parse(await text(entry));
      const [image] = index.manifests;
      if (image) return image.digest;
    }
    entry.resume();
  }
  throw new Error(`${archive} has no index.json that names an image`);
}

export function writeJson(path: string, value: object): Promise<void> {
  return writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
