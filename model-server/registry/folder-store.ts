import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { RegistryError, type Store } from './store.ts';

/** A folder that several processes share. */
export function folderStore(folder: string): Store {
  const path = (name: string) => join(folder, name);
  return {
    path,
    read: (name, limit_bytes) => readBounded(path(name), limit_bytes),
    writeIfAbsent: (name, bytes) => writeOnce(path(name), bytes),
    async list(inner) {
      const entries = await readdir(path(inner), { recursive: true, withFileTypes: true }).catch(nothing);
      return (entries ?? [])
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
        .sort();
    },
  };
}

async function readBounded(path: string, limit_bytes: number): Promise<Uint8Array | null> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size > limit_bytes) throw new RegistryError(path, `its ${size} bytes are more than ${limit_bytes}`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof RegistryError) throw error;
    if (isMissing(error)) return null;
    const why = error instanceof Error ? error.message : String(error);
    throw new RegistryError(path, `cannot be read (${why})`, { cause: error });
  }
}

/** Linking fails where the name is taken; renaming would replace what is there. */
async function writeOnce(path: string, bytes: Uint8Array): Promise<boolean> {
  const draft = join(dirname(path), `.draft-${randomUUID()}`);
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(draft, bytes, { flush: true });
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

function nothing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
