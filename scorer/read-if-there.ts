import { readFileSync } from 'node:fs';
import { codeOf } from '../core/error-code.ts';

/** A file's bytes, or null where there is none. */
export function readIfThere(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}
