import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { extract, pack } from 'tar-stream';

const MOST_FILES = 1000;
const MOST_BYTES = 256 * 2 ** 20;
const LONGEST_NAME = 200;
const NAME = /^(?!\.\.?(?:\/|$))[\w.-]+(?:\/(?!\.\.?(?:\/|$))[\w.-]+)*$/;

/** Files by name, as an archive holds them. */
export type Files = Map<string, Buffer>;

/** A tar.gz that the same files always give byte for byte: sorted, without times, owners or a compression that varies. */
export async function packed(files: Files): Promise<Buffer> {
  const tar = pack();
  for (const [name, contents] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    tar.entry({ name, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0, type: 'file' }, contents);
  tar.finalize();
  return gzipSync(await buffer(tar), { level: 9 });
}

export class ArchiveError extends Error {}

/** The files of an archive; throws an ArchiveError for one that is broken, or holds anything but a bounded set of plain files. */
export async function unpacked(archive: Buffer): Promise<Files> {
  const files: Files = new Map();
  try {
    const tar = extract();
    tar.end(gunzipSync(archive, { maxOutputLength: MOST_BYTES }));
    for await (const entry of tar) {
      const { name, type } = entry.header;
      const wrong = (why: string) => new ArchiveError(`${JSON.stringify(name)} ${why}`);
      if (type !== 'file') throw wrong(`is a ${type}, not a file`);
      if (!NAME.test(name) || name.length > LONGEST_NAME) throw wrong('is no name of a file of evidence');
      if (files.has(name)) throw wrong('is there twice');
      if (files.size === MOST_FILES) throw wrong(`is beyond the ${MOST_FILES} files that a bundle may hold`);
      files.set(name, await buffer(entry));
    }
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw new ArchiveError(error instanceof Error ? error.message : String(error), { cause: error });
  }
  return files;
}
