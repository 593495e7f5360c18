import { join } from 'node:path';
import { ARM_FLAG } from '../core/compile/flags.ts';
import { registryPath } from '../core/registry.ts';
import { ARM_PATTERN, MAX_ARMS, sha256 } from '../core/release.ts';
import { readIfThere } from './read-if-there.ts';

/** `default_arm`: by the release's flag; null where no flag divides its stations. */
export type ReleaseArms = { arms: string[]; default_arm: string | null };

/** The arms of a release as its manifest in the registry names them; null where there is no intact one (yet). */
export function armsOf(registry: string, release: string): ReleaseArms | null {
  const bytes = manifestOf(registry, release);
  if (bytes === null || sha256(bytes) !== release) return null;
  const manifest = Object(JSON.parse(bytes.toString('utf8')));
  const named = new RegExp(ARM_PATTERN);
  const arms = Object.keys(Object(manifest.arms)).filter((arm) => named.test(arm));
  const default_arm: unknown = Object(Object(manifest.flags)[ARM_FLAG]).defaultVariant;
  return { arms: arms.slice(0, MAX_ARMS), default_arm: typeof default_arm === 'string' ? default_arm : null };
}

/** Those beside the default one. Pods do not start without an intact manifest, so one that is not there is on its way: its arms join later. */
export function otherArms(registry: string, release: string, default_arm: string): string[] {
  const arms = armsOf(registry, release)?.arms ?? [];
  return arms.filter((arm) => arm !== default_arm).slice(0, MAX_ARMS - 1);
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
