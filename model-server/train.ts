import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { InputError } from '../core/input-error.ts';
import { canonicalJson, sha256 } from '../core/release.ts';
import { HISTORY_HOURS, isoOfHour, type Telemetry } from '../core/telemetry.ts';
import { loadArtefact, RegistryError, writeArtefact } from './artefact.ts';
import { simd } from './backends/simd.ts';
import { CONTROL_LAG_H } from './control.ts';
import { dense } from './dense.ts';
import { heldOut } from './evaluate.ts';
import { FEATURES_VERSION } from './features.ts';
import { fitNetwork, type Progress, STEPS } from './fit.ts';
import type { DenseManifest, HeldOutMetrics } from './manifest.ts';
import { HIDDEN, weightsOf } from './network.ts';
import { trainingSamples } from './samples.ts';
import { seasonal } from './seasonal.ts';
import { trainFraction, trainingHours } from './split.ts';

/** Four weeks to learn from, after the two that the first forecast looks back on. */
const MIN_TRAINING_HOURS = HISTORY_HOURS + 28 * 24;

export type TrainOptions = { seed: number; registry: string; onProgress?: (progress: Progress) => void };
export type Trained = { digest: string; metrics: HeldOutMetrics; cached: boolean };

/** Trains the learned model on the first part of `telemetry`, or returns at once what the same training gave before. */
export async function train(
  telemetry: Telemetry,
  { seed, registry, onProgress = () => {} }: TrainOptions,
): Promise<Trained> {
  const hours = trainingHours(telemetry);
  if (hours < MIN_TRAINING_HOURS) throw tooShort(telemetry, hours);
  const key = { telemetry: telemetryDigest(telemetry), code: await codeDigest(), seed, versions: versions() };
  const known = await recall(registry, key);
  if (known !== undefined) return { ...known, cached: true };
  const weights = await fitNetwork(trainingSamples(telemetry, hours).draw, { seed }, onProgress);
  const metrics = await metricsOf(weights, telemetry, hours);
  const manifest: DenseManifest = {
    kind: 'dense',
    files: { 'weights.bin': { sha256: sha256(weights), bytes: weights.byteLength } },
    features_version: FEATURES_VERSION,
    hidden: [...HIDDEN],
    seed,
    steps: STEPS,
    data: {
      name: telemetry.name,
      digest: key.telemetry,
      stations: telemetry.stations.length,
      from: isoOfHour(telemetry.start_h),
      to: isoOfHour(telemetry.start_h + hours - 1),
    },
    metrics,
    code: key.code,
    versions: key.versions,
  };
  const digest = await writeArtefact(registry, manifest, new Map([['weights.bin', weights]]));
  await remember(registry, key, digest);
  return { digest, metrics, cached: false };
}

async function metricsOf(weights: Uint8Array, telemetry: Telemetry, hours: number): Promise<HeldOutMetrics> {
  const model = dense(await simd.open(weightsOf(weights)));
  try {
    return await heldOut(model, seasonal(CONTROL_LAG_H), telemetry, telemetry.start_h + hours);
  } finally {
    model.dispose();
  }
}

type Key = { telemetry: string; code: string; seed: number; versions: Record<string, string> };

/** What a training gave before, if it is still whole in the registry. */
async function recall(registry: string, key: Key): Promise<{ digest: string; metrics: HeldOutMetrics } | undefined> {
  try {
    const digest = await readFile(notePath(registry, key), 'utf8');
    const { manifest } = await loadArtefact(registry, digest);
    return manifest.kind === 'dense' ? { digest, metrics: manifest.metrics } : undefined;
  } catch (error) {
    // No note, or a note of a model that is gone or damaged: train again, which heals it.
    if (
      error instanceof RegistryError ||
      error instanceof RangeError ||
      (error instanceof Error && 'code' in error && error.code === 'ENOENT')
    )
      return undefined;
    throw error;
  }
}

async function remember(registry: string, key: Key, digest: string): Promise<void> {
  const path = notePath(registry, key);
  const draft = `${path}.${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(draft, digest);
  await rename(draft, path);
}

/** Beside the registry's own folders: `trainings/<hex>` holds the digest of the model that a training gave. */
function notePath(registry: string, key: Key): string {
  return join(registry, 'trainings', sha256(canonicalJson(key)).replace('sha256:', ''));
}

/** Digest of what the set says: names and file format do not matter. */
export function telemetryDigest({ stations, start_h, hours, values_kw }: Telemetry): string {
  const ids = stations.map(({ station_id }) => station_id);
  const columns = values_kw.map((values) =>
    sha256(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  );
  return sha256(canonicalJson({ ids, start_h, hours, columns }));
}

const CODE = [
  'backends/simd',
  'backends/simd-module',
  'dense',
  'evaluate',
  'features',
  'fit',
  'network',
  'known-hours',
  'learned-states',
  'offline',
  'predictor',
  '../core/random',
  'samples',
  'tensorflow',
  'train',
];

async function codeDigest(): Promise<string> {
  const sources = await Promise.all(CODE.map((name) => readFile(new URL(`${name}.ts`, import.meta.url), 'utf8')));
  return sha256(sources.join('\0'));
}

function versions(): Record<string, string> {
  const { version }: { version: string } = createRequire(import.meta.url)('@tensorflow/tfjs-node/package.json');
  return { node: process.versions.node, 'tfjs-node': version };
}

function tooShort({ name, hours }: Telemetry, training_hours: number): InputError {
  const needed = Math.ceil(MIN_TRAINING_HOURS / trainFraction);
  return new InputError([
    {
      place: name,
      message: `${hours} hours give ${training_hours} to train on, fewer than ${MIN_TRAINING_HOURS}`,
      fix: `record at least ${needed} hours (${Math.ceil(needed / 24)} days)`,
    },
  ]);
}
