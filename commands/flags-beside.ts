import { type Flags, flagsFileOf } from '../core/compile/flags.ts';
import { parseFlags } from '../core/flags-file.ts';
import type { ReadFile } from './plan/blobs.ts';

/**
 * The flags beside a plan's file; none where there is no such file, for which `read` gives null.
 * Throws an InputError with every fault in it.
 */
export async function flagsBeside(plan_file: string, read: ReadFile): Promise<Flags> {
  const file = flagsFileOf(plan_file);
  const text = await read(file);
  return text === null ? {} : parseFlags(text, file);
}
