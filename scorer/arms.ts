import { join } from 'node:path';
import { registryPath } from '../core/registry.ts';
import { ARM_PATTERN, MAX_ARMS, sha256 } from '../core/release.ts';
import { readIfThere } from './read-if-there.ts';

/**
 * The arms of a release beside its default one, as its manifest in the registry names them. Pods do not start without an intact manifest, so
 * one that is not there is on its way, or its volume is: none are named yet, and they join once they are.
 */
export function otherArms(registry: string, release: string, default_arm: string): string[] {
  const bytes = manifestOf(registry, release);
  if (bytes === null || sha256(bytes) !== release) return [];
  const manifest: unknown = JSON.parse(bytes.toString('utf8'));
  const arms = Object.keys(Object(Object(manifest).arms));
  const named = new RegExp(ARM_PATTERN);
  return arms.filter((arm) => arm !== default_arm && named.test(arm)).slice(0, MAX_ARMS - 1);
}

/** Null too where the release is named by no digest: the registry cannot hold it. */
function manifestOf(registry: string, release: string): Buffer | null {
  try {
    return readIfThere(join(registry, registryPath.release(release)));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
