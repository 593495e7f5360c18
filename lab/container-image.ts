import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';

/** A file of an image's only layer. */
export type ImageFile = { path: string; from: string; mode: number };

/** An image of one layer, without a base. */
export type PlainImage = { name: string; files: readonly ImageFile[]; entrypoint: readonly string[] };

type Descriptor = { mediaType: string; digest: string; size: number };

const MEDIA = 'application/vnd.oci.image';
const hex = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Writes an OCI archive (OCI image layout 1.0.0 in a tar file), as `ctr images import` reads it; the same files give the same bytes.
 * Resolves with the manifest's digest. For images as plain as a pod's sandbox; the products' own are built from a Dockerfile.
 */
export async function writeArchive(file: string, { name, files, entrypoint }: PlainImage): Promise<string> {
  const layer = await tarOf(files.map(({ path, from, mode }) => ({ path, mode, bytes: readFileSync(from) })));
  const blobs: Buffer[] = [];
  const blob = (mediaType: string, bytes: Buffer): Descriptor => {
    blobs.push(bytes);
    return { mediaType, digest: `sha256:${hex(bytes)}`, size: bytes.length };
  };
  const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
  const layerBlob = blob(`${MEDIA}.layer.v1.tar`, layer);
  const rootfs = { type: 'layers', diff_ids: [layerBlob.digest] };
  const config = blob(
    `${MEDIA}.config.v1+json`,
    json({ architecture: 'amd64', os: 'linux', config: { Entrypoint: entrypoint }, rootfs }),
  );
  const mediaType = `${MEDIA}.manifest.v1+json`;
  const manifest = blob(mediaType, json({ schemaVersion: 2, mediaType, config, layers: [layerBlob] }));
  const annotations = { 'io.containerd.image.name': name };
  const index = { schemaVersion: 2, manifests: [{ ...manifest, annotations }] };
  const archive = await tarOf([
    { path: 'oci-layout', mode: 0o644, bytes: json({ imageLayoutVersion: '1.0.0' }) },
    { path: 'index.json', mode: 0o644, bytes: json(index) },
    ...blobs.map((bytes) => ({ path: `blobs/sha256/${hex(bytes)}`, mode: 0o644, bytes })),
  ]);
  await writeFile(file, archive);
  return manifest.digest;
}

async function tarOf(entries: readonly { path: string; mode: number; bytes: Buffer }[]): Promise<Buffer> {
  const tar = pack();
  const whole = buffer(tar);
  for (const { path, mode, bytes } of entries) tar.entry({ name: path, mode, mtime: new Date(0) }, bytes);
  tar.finalize();
  return whole;
}
