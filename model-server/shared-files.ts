import { randomUUID } from 'node:crypto';
import { link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '../core/error-code.ts';

/** How names begin of what is being written; a process that is killed leaves it. */
export const DRAFT = '.draft-';

/** Writes a file that other processes see whole or not at all; false, and nothing is written, where there is one. */
export function writeOnce(file: string, bytes: string | Uint8Array): Promise<boolean> {
  return drafted(file, bytes, async (draft) => {
    try {
      // Linking fails where the name is taken; renaming would replace what is there.
      await link(draft, file);
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    }
  });
}

/** As `writeOnce`, but instead of what is there. */
export function replaceFile(file: string, bytes: string | Uint8Array): Promise<void> {
  return drafted(file, bytes, (draft) => rename(draft, file));
}

/** Makes the file's folder too. */
async function drafted<T>(file: string, bytes: string | Uint8Array, place: (draft: string) => Promise<T>): Promise<T> {
  const draft = join(dirname(file), `${DRAFT}${randomUUID()}`);
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(draft, bytes, { flush: true });
    return await place(draft);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Of a promise's `catch`: a file or folder that is not there is undefined, all else is thrown. */
export function ifMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}
