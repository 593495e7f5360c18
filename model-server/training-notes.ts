import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../core/error-code.ts';
import { canonicalJson, sha256 } from '../core/release.ts';
import { loadArtefact } from './artefact.ts';
import type { HeldOutMetrics } from './manifest.ts';
import { RegistryError } from './registry/store.ts';
import { replaceFile } from './shared-files.ts';

/** All that decides what a training gives; linear models draw nothing and have no seed. */
export type TrainingKey = {
  kind: string;
  telemetry: string;
  code: string;
  seed?: number;
  versions: Record<string, string>;
};

/** What a training gave before, if it is still whole in the registry. */
export async function recall(
  registry: string,
  key: TrainingKey,
): Promise<{ digest: string; metrics: HeldOutMetrics } | undefined> {
  try {
    const digest = await readFile(notePath(registry, key), 'utf8');
    const { manifest } = await loadArtefact(registry, digest);
    return 'metrics' in manifest ? { digest, metrics: manifest.metrics } : undefined;
  } catch (error) {
    // No note, or a note of a model that is gone or damaged: train again, which heals it.
    if (error instanceof RegistryError || error instanceof RangeError || codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

export async function remember(registry: string, key: TrainingKey, digest: string): Promise<void> {
  await replaceFile(notePath(registry, key), digest);
}

/** Beside the registry's own folders: `trainings/<hex>` holds the digest of the model that a training gave. */
function notePath(registry: string, key: TrainingKey): string {
  return join(registry, 'trainings', sha256(canonicalJson(key)).replace('sha256:', ''));
}
