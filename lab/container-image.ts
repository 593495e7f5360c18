import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { extract, pack } from 'tar-stream';

/** A file of an image's only layer. */
export type ImageFile = { path: string; from: string; mode: number };

/** An image of one layer, without a base. */
export type PlainImage = { name: string; files: readonly ImageFile[]; entrypoint: readonly string[] };

type Descriptor = { mediaType: string; digest: string; size: number };
type Entry = { path: string; mode: number; bytes: Buffer };
type Config = { config: Record<string, unknown> } & Record<string, unknown>;

const MEDIA = 'application/vnd.oci.image';
const hex = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/**
 * Writes an OCI archive (OCI image layout 1.0.0 in a tar file), as `ctr images import` reads it; the same files give the same bytes.
 * Resolves with the manifest's digest. For images as plain as a pod's sandbox; the products' own are built from a Dockerfile.
 */
export async function writeArchive(file: string, { name, files, entrypoint }: PlainImage): Promise<string> {
  const bytes = await tarOf(files.map(({ path, from, mode }) => ({ path, mode, bytes: readFileSync(from) })));
  const rootfs = { type: 'layers', diff_ids: [`sha256:${hex(bytes)}`] };
  const config = { architecture: 'amd64', os: 'linux', config: { Entrypoint: entrypoint }, rootfs };
  const layer = { mediaType: `${MEDIA}.layer.v1.tar`, bytes };
  return writeImage(file, config, [layer], { 'io.containerd.image.name': name });
}

/** Writes what an OCI archive holds under another entry point: an image of the same files, with a digest of its own, which this resolves with. */
export async function writeWithEntrypoint(
  file: string,
  archive: string,
  entrypoint: readonly string[],
): Promise<string> {
  const entries = await readTar(archive);
  const read = (path: string): Buffer => {
    const bytes = entries.get(path);
    if (bytes === undefined) throw new Error(`${archive} has no ${path}`);
    return bytes;
  };
  const blob = ({ digest }: Descriptor): Buffer => read(`blobs/${digest.replace(':', '/')}`);
  // An archive of our own build: its shape is the OCI layout's.
  const index = JSON.parse(read('index.json').toString()) as { manifests: [Descriptor] };
  const manifest = JSON.parse(blob(index.manifests[0]).toString()) as { config: Descriptor; layers: Descriptor[] };
  const config = JSON.parse(blob(manifest.config).toString()) as Config;
  const layers = manifest.layers.map((layer) => ({ mediaType: layer.mediaType, bytes: blob(layer) }));
  return writeImage(file, { ...config, config: { ...config.config, Entrypoint: entrypoint } }, layers, {});
}

async function writeImage(
  file: string,
  config: Config,
  layers: readonly { mediaType: string; bytes: Buffer }[],
  annotations: Record<string, string>,
): Promise<string> {
  const blobs: Buffer[] = [];
  const blob = (mediaType: string, bytes: Buffer): Descriptor => {
    blobs.push(bytes);
    return { mediaType, digest: `sha256:${hex(bytes)}`, size: bytes.length };
  };
  const mediaType = `${MEDIA}.manifest.v1+json`;
  const parts = {
    config: blob(`${MEDIA}.config.v1+json`, json(config)),
    layers: layers.map((layer) => blob(layer.mediaType, layer.bytes)),
  };
  const manifest = blob(mediaType, json({ schemaVersion: 2, mediaType, ...parts }));
  const index = { schemaVersion: 2, manifests: [{ ...manifest, annotations }] };
  const archive = await tarOf([
    { path: 'oci-layout', mode: 0o644, bytes: json({ imageLayoutVersion: '1.0.0' }) },
    { path: 'index.json', mode: 0o644, bytes: json(index) },
    ...blobs.map((bytes) => ({ path: `blobs/sha256/${hex(bytes)}`, mode: 0o644, bytes })),
  ]);
  await writeFile(file, archive);
  return manifest.digest;
}

async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  const whole = buffer(tar);
  for (const { path, mode, bytes } of entries) tar.entry({ name: path, mode, mtime: new Date(0) }, bytes);
  tar.finalize();
  return whole;
}

async function readTar(archive: string): Promise<Map<string, Buffer>> {
  const entries = new Map<string, Buffer>();
  for await (const entry of createReadStream(archive).pipe(extract()))
    entries.set(entry.header.name, await buffer(entry));
  return entries;
}
