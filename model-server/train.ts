import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { InputError } from '../core/input-error.ts';
import { LEADS } from '../core/record.ts';
import { canonicalJson, sha256 } from '../core/release.ts';
import { HISTORY_HOURS, isoOfHour, type Telemetry } from '../core/telemetry.ts';
import { writeArtefact } from './artefact.ts';
import { simd } from './backends/simd.ts';
import { CONTROL_LAG_H } from './control.ts';
import { dense } from './dense.ts';
import { denseMargins } from './dense-margins.ts';
import { heldOut } from './evaluate.ts';
import { FEATURES_VERSION } from './features.ts';
import { fitNetwork, type Progress, STEPS } from './fit.ts';
import { importanceOf } from './importance.ts';
import { type LinearKind, linearKinds } from './linear-kinds.ts';
import type { HeldOutMetrics, Importance, Manifest, TrainingData } from './manifest.ts';
import { HIDDEN, weightsOf } from './network.ts';
import type { Predictor } from './predictor.ts';
import { LINEAR_VERSION } from './predictors/linear.ts';
import { trainLinear } from './predictors/train-linear.ts';
import { openLinear } from './predictors/trained.ts';
import { trainingSamples } from './samples.ts';
import { seasonal } from './seasonal.ts';
import { trainFraction, trainingHours } from './split.ts';
import { recall, remember, type TrainingKey } from './training-notes.ts';

/** Four weeks to learn from, after the two that the first forecast looks back on. */
export const MIN_TRAINING_HOURS = HISTORY_HOURS + 28 * 24;

/** Every hour of the week, four times at least; all that is held out would take several times as long. */
const IMPORTANCE_HOURS = 28 * 24;

export const trainedKinds = ['dense', ...linearKinds] as const;
export type TrainedKind = (typeof trainedKinds)[number];

export type TrainOptions = {
  /** Default: dense. */
  kind?: TrainedKind;
  seed: number;
  registry: string;
  onProgress?: (progress: Progress) => void;
};
export type Trained = { digest: string; metrics: HeldOutMetrics; cached: boolean };

/** Trains a model on the first part of `telemetry`, or returns at once what the same training gave before. */
export async function train(
  telemetry: Telemetry,
  { kind = 'dense', seed, registry, onProgress = () => {} }: TrainOptions,
): Promise<Trained> {
  const hours = trainingHours(telemetry);
  if (hours < MIN_TRAINING_HOURS) throw tooShort(telemetry, hours);
  const key = {
    ...{ kind, telemetry: telemetryDigest(telemetry), code: await codeDigest(kind), versions: versions(kind) },
    ...(kind === 'dense' ? { seed } : {}),
  };
  const known = await recall(registry, key);
  if (known !== undefined) return { ...known, cached: true };
  const made =
    kind === 'dense'
      ? await makeDense(telemetry, hours, seed, onProgress)
      : await makeLinear(telemetry, hours, kind, onProgress);
  const { metrics, importance } = await measured(made.model, telemetry, hours);
  const from = { ...provenance(telemetry, hours, key), importance };
  const digest = await writeArtefact(registry, made.manifest(from, metrics), made.files);
  await remember(registry, key, digest);
  return { digest, metrics, cached: false };
}

type Provenance = { data: TrainingData; code: string; versions: Record<string, string> };
type Measured = { metrics: HeldOutMetrics; importance: Importance };

/** What a training made; its manifest needs what is measured of it. */
type Made = {
  model: Predictor;
  files: Map<string, Uint8Array>;
  manifest: (provenance: Provenance & Pick<Measured, 'importance'>, metrics: HeldOutMetrics) => Manifest;
};

async function makeDense(
  telemetry: Telemetry,
  hours: number,
  seed: number,
  onProgress: (progress: Progress) => void,
): Promise<Made> {
  const weights = await fitNetwork(trainingSamples(telemetry, hours).draw, { seed }, onProgress);
  const network = await simd.open(weightsOf(weights));
  const margins = await denseMargins(network, telemetry, hours);
  return {
    model: dense(network, margins),
    files: new Map([['weights.bin', weights]]),
    manifest: (provenance, metrics) => ({
      kind: 'dense',
      files: { 'weights.bin': { sha256: sha256(weights), bytes: weights.byteLength } },
      features_version: FEATURES_VERSION,
      hidden: [...HIDDEN],
      margins,
      seed,
      steps: STEPS,
      ...provenance,
      metrics,
    }),
  };
}

async function makeLinear(
  telemetry: Telemetry,
  hours: number,
  kind: LinearKind,
  onProgress: (progress: Progress) => void,
): Promise<Made> {
  const files = await trainLinear(kind, telemetry, hours, (share) => onProgress({ step: share, steps: 1 }));
  const named = Array.from(
    files,
    ([name, bytes]) => [name, { sha256: sha256(bytes), bytes: bytes.byteLength }] as const,
  );
  return {
    model: openLinear(kind, files),
    files,
    manifest: (provenance, metrics) => ({
      kind,
      files: Object.fromEntries(named),
      linear_version: LINEAR_VERSION,
      ...provenance,
      metrics,
    }),
  };
}

function provenance(
  telemetry: Telemetry,
  hours: number,
  { telemetry: digest, code, versions }: TrainingKey,
): Provenance {
  const { name, start_h, stations } = telemetry;
  const [from, to] = [isoOfHour(start_h), isoOfHour(start_h + hours - 1)];
  return { data: { name, digest, stations: stations.length, from, to }, code, versions };
}

async function measured(model: Predictor, telemetry: Telemetry, hours: number): Promise<Measured> {
  const from_h = telemetry.start_h + hours;
  const to_h = Math.min(from_h + IMPORTANCE_HOURS, telemetry.start_h + telemetry.hours - LEADS);
  try {
    const metrics = await heldOut(model, seasonal(CONTROL_LAG_H), telemetry, from_h);
    return { metrics, importance: await importanceOf(model, telemetry, from_h, to_h) };
  } finally {
    model.dispose();
  }
}

/** Digest of what the set says: names and file format do not matter. */
export function telemetryDigest({ stations, start_h, hours, values_kw }: Telemetry): string {
  const ids = stations.map(({ station_id }) => station_id);
  const columns = values_kw.map((values) =>
    sha256(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  );
  return sha256(canonicalJson({ ids, start_h, hours, columns }));
}

/** Sources that every model depends on. */
const CODE = [
  'evaluate',
  'features',
  'importance',
  'known-hours',
  'learned-states',
  'offline',
  'predictor',
  'row-of',
  'teach',
  'train',
];
const DENSE_CODE = [
  'backends/simd',
  'backends/simd-module',
  'dense',
  'dense-margins',
  'fit',
  'interval',
  'network',
  'predictors/scale',
  '../core/random',
  'samples',
  'tensorflow',
];
const LINEAR_CODE = ['interval', 'linear-kinds', 'seasonal', '../core/judge/drift/page-hinkley'];

async function codeDigest(kind: TrainedKind): Promise<string> {
  const names = [...CODE, ...(kind === 'dense' ? DENSE_CODE : LINEAR_CODE)].map((name) => `${name}.ts`);
  const folder = await readdir(new URL('predictors', import.meta.url));
  const own = folder.filter((name) => !name.endsWith('.test.ts')).toSorted();
  if (kind !== 'dense') names.push(...own.map((name) => `predictors/${name}`));
  const sources = await Promise.all(names.map((name) => readFile(new URL(name, import.meta.url), 'utf8')));
  return sha256(sources.join('\0'));
}

function versions(kind: TrainedKind): Record<string, string> {
  const { node } = process.versions;
  if (kind !== 'dense') return { node };
  const { version }: { version: string } = createRequire(import.meta.url)('@tensorflow/tfjs-node/package.json');
  return { node, 'tfjs-node': version };
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
