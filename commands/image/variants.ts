import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lock, type VariantPackage, variantLock } from './lockfile.ts';

/** The images of the model server that are made of npm's packages; docs/images.md says what each needs, and which can be built. */
export const variants = ['cpu', 'gpu'] as const;
export type Variant = (typeof variants)[number];

/** Those that have a Dockerfile. */
export const builtVariants = ['cpu'] as const satisfies readonly Variant[];
export type BuiltVariant = (typeof builtVariants)[number];

/** The folder of what belongs to a variant, in the checkout. */
export function variantFolder(variant: Variant): string {
  return join('model-server', 'images', variant);
}

export function dockerfilePath(variant: BuiltVariant): string {
  return `${variantFolder(variant)}.Dockerfile`;
}

/** A variant's lockfile as its package.json and the checkout's lockfile make it now. */
export async function freshLock(root: string, variant: Variant): Promise<string> {
  const described: VariantPackage = await readJson(join(root, variantFolder(variant), 'package.json'));
  const lock: Lock = await readJson(join(root, 'package-lock.json'));
  return `${JSON.stringify(variantLock(described, lock), null, 2)}\n`;
}

/** Writes the lockfiles of all variants. */
export async function writeLocks(root: string): Promise<void> {
  for (const variant of variants) await writeFile(lockPath(root, variant), await freshLock(root, variant));
}

export function lockPath(root: string, variant: Variant): string {
  return join(root, variantFolder(variant), 'package-lock.json');
}

async function readJson(path: string) {
  return JSON.parse(await readFile(path, 'utf8'));
}
