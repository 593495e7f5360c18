import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeArchive, writeWithEntrypoint } from './container-image.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'container-image-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('under another entry point an image has the same layers and a digest of its own, which is the same every time', async () => {
  const [plain, other] = [join(folder, 'plain.tar'), join(folder, 'other.tar')];
  const files = [{ path: 'program', from: import.meta.filename, mode: 0o755 }];
  const digest = await writeArchive(plain, { name: 'test/plain', files, entrypoint: ['/program'] });
  const derived = await writeWithEntrypoint(other, plain, ['/program', 'slow']);
  expect(derived).not.toBe(digest);
  expect(await writeWithEntrypoint(other, plain, ['/program', 'slow'])).toBe(derived);
  const [was, is] = [await imageIn(plain), await imageIn(other)];
  expect(is.digest).toBe(derived);
  expect(is.layers).toEqual(was.layers);
  expect(is.config).toEqual({ ...was.config, config: { Entrypoint: ['/program', 'slow'] } });
});

async function imageIn(archive: string) {
  const files = new Map<string, string>();
  for await (const entry of createReadStream(archive).pipe(extract())) files.set(entry.header.name, await text(entry));
  const json = (path: string) => JSON.parse(files.get(path) ?? '');
  const blob = (digest: string) => json(`blobs/${digest.replace(':', '/')}`);
  const { digest } = json('index.json').manifests[0];
  const { layers, config } = blob(digest);
  return { digest, layers, config: blob(config.digest) };
}
