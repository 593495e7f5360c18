import { open, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { codeOf } from '../../core/error-code.ts';
import { ifMissing, writeOnce } from '../shared-files.ts';
import { RegistryError, type Store } from './store.ts';

/** A folder that several processes share. */
export function folderStore(folder: string): Store {
  const path = (name: string) => join(folder, name);
  return {
    path,
    read: (name, limit_bytes) => readBounded(path(name), limit_bytes),
    writeIfAbsent: (name, bytes) => writeOnce(path(name), bytes),
    async list(inner) {
      const entries = await readdir(path(inner), { recursive: true, withFileTypes: true }).catch(ifMissing);
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
    if (codeOf(error) === 'ENOENT') return null;
    const why = error instanceof Error ? error.message : String(error);
    throw new RegistryError(path, `cannot be read (${why})`, { cause: error });
  }
}
