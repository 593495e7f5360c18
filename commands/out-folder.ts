import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { InputError } from '../core/input-error.ts';

/** Makes the folder that --out names. Whoever cannot write there should know before the work begins: an InputError. */
export async function makeOut(out: string): Promise<void> {
  try {
    await mkdir(out, { recursive: true });
    await access(out, constants.W_OK);
  } catch (cause) {
    const message = `"${out}" cannot be written to (${cause instanceof Error ? cause.message : cause})`;
    throw new InputError([{ place: '--out', message, fix: 'give a folder' }], { cause });
  }
}
