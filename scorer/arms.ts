import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { registryPath } from '../core/registry.ts';
import { ARM_PATTERN, MAX_ARMS, sha256 } from '../core/release.ts';

/**
 * The arms of a release beside its default one, as its manifest in the registry names them. Pods do not start without an intact manifest, so
 * one that cannot be read has no more arms than the one that answered.
 */
export function otherArms(registry: string, release: string, default_arm: string): string[] {
  const bytes = readIfThere(registry, release);
  if (bytes === null || sha256(bytes) !== release) return [];
  const manifest: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  const arms = Object.keys(Object(Object(manifest).arms));
  const named = new RegExp(ARM_PATTERN);
  return arms.filter((arm) => arm !== default_arm && named.test(arm)).slice(0, MAX_ARMS - 1);
}

function readIfThere(registry: string, release: string): Uint8Array | null {
  try {
    return readFileSync(join(registry, registryPath.release(release)));
  } catch (error) {
    if (error instanceof RangeError || (error instanceof Error && 'code' in error && error.code === 'ENOENT'))
      return null;
    throw error;
  }
}
