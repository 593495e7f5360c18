import { createReadStream } from 'node:fs';
import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { InputError } from '../../core/input-error.ts';
import { cacheRoot, folderOf } from '../bootstrap/artefact.mjs';
import { debianArtefact, imageBaseArtefact } from '../bootstrap/containers.mjs';
import { nodeBinary } from '../bootstrap/npm-packages.mjs';
import { type Buildah, withBuildah } from './buildah.ts';
import { provenance } from './provenance.ts';
import { sbom } from './sbom.ts';
import { type BuiltVariant, dockerfilePath } from './variants.ts';

/** A base made of pinned Debian packages, npm and the checkout's own Node: no registry of images is asked. */
export const OWN_BASE = 'own';

export type ImageRequest = {
  /** The checkout. */
  root: string;
  variant: BuiltVariant;
  /** Folder for the image and what is said about it. */
  out: string;
  /** NAME@sha256:..., or OWN_BASE, which is the default. */
  base?: string;
};

export type BuiltImage = {
  /** An OCI archive, as `ctr images import` and `skopeo copy oci-archive:` take it. */
  archive: string;
  /** Of the image's manifest: what a Rollout names. */
  digest: string;
  bytes: number;
  sbom: string;
  provenance: string;
};

/**
 * Builds a variant's image from the checkout's files, with nothing of the machine's or the hour's in it: the same files, the same digest.
 * @throws InputError for a base that is not named by its digest; another error where a step of the build fails, with what it said
 */
export function buildImage({ root, variant, out, base = OWN_BASE }: ImageRequest): Promise<BuiltImage> {
  if (base !== OWN_BASE && !/^\S+@sha256:[0-9a-f]{64}$/.test(base))
    throw new InputError([
      { place: '--base', message: `"${base}" has no digest`, fix: 'give NAME@sha256:<64 hex digits>' },
    ]);
  return withBuildah(root, async (buildah) => {
    const reference = base === OWN_BASE ? await ownBase(root, buildah) : base;
    await build(root, variant, reference, buildah);
    await mkdir(out, { recursive: true });
    const at = (name: string) => join(out, `${variant}.${name}`);
    await buildah.ask('push', ...policy(root), variant, `oci-archive:${at('oci.tar')}:${variant}`);
    const built = { archive: at('oci.tar'), sbom: at('sbom.json'), provenance: at('provenance.json') };
    const digest = await digestOf(built.archive);
    await writeJson(built.sbom, await sbom(root, variant, digest, await systemRecords(variant, buildah)));
    await writeJson(built.provenance, await provenance(root, variant, digest, reference));
    return { ...built, digest, bytes: (await stat(built.archive)).size };
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

function writeJson(path: string, value: object): Promise<void> {
  return writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
