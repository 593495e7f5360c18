import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { InputError } from '../core/input-error.ts';

/** Makes the folder that a flag names. Whoever cannot write there should know before the work begins: an InputError. */
export async function makeFolder(flag: string, folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (cause) {
    const message = `"${folder}" cannot be written to (${cause instanceof Error ? cause.message : cause})`;
    throw new InputError([{ place: flag, message, fix: 'give a folder' }], { cause });
  }
}
