import { createRequire } from 'node:module';
import { InputError } from '../../core/input-error.ts';
import { randomOf } from '../../core/random.ts';
import { LEADS } from '../../core/record.ts';
import { sha256 } from '../../core/release.ts';
import { isoOfHour, type Telemetry } from '../../core/telemetry.ts';
import { type Artefact, loadArtefact, writeArtefact } from '../artefact.ts';
import { simd } from '../backends/simd.ts';
import { dense } from '../dense.ts';
import { stationErrors } from '../evaluate.ts';
import { FEATURES_VERSION } from '../features.ts';
import type { DenseManifest, EdgeLoss, EdgeManifest } from '../manifest.ts';
import { type Weights, weightsOf } from '../network.ts';
import { trainingSamples } from '../samples.ts';
import { trainingHours } from '../split.ts';
import { telemetryDigest } from '../train.ts';
import { edge } from './edge.ts';
import { runByLiteRt } from './litert.ts';
import { integerForward } from './network.ts';
import { CALIBRATION_ROWS, calibrate, quantise } from './quantise.ts';
import { readModel } from './read-model.ts';
import { writeModel } from './write-model.ts';

/** More error than this, as a mean over stations of the edge model's MAE over its source's, and the model is not written. */
export const MAX_LOSS = 0.01;

/** Windows on which LiteRT must give the very bits that we do. */
const PROOF_ROWS = 512;
const PROOF_SEED = 2;

export type Built = { manifest: EdgeManifest; model: Uint8Array };

/** The edge model of a dense model of the registry, measured and proven but not written. `telemetry`: what that model was trained on. */
export async function buildEdge(registry: string, source: string, telemetry: Telemetry): Promise<Built> {
  const artefact = await loadArtefact(registry, source);
  const { bytes, margins } = trainedOn(telemetry, artefact);
  const weights = weightsOf(bytes);
  const model = edgeModel(weights, telemetry);
  await prove(model, telemetry);
  const hours = trainingHours(telemetry);
  const manifest: EdgeManifest = {
    kind: 'edge',
    files: { 'model.tflite': { sha256: sha256(model), bytes: model.byteLength } },
    features_version: FEATURES_VERSION,
    of: source,
    margins,
    quantisation: { weights: 'int8 per output', activations: 'int16', bias: 'int64' },
    calibration: {
      name: telemetry.name,
      digest: telemetryDigest(telemetry),
      from: isoOfHour(telemetry.start_h),
      to: isoOfHour(telemetry.start_h + hours - 1),
      windows: CALIBRATION_ROWS,
    },
    loss: await lossOf(model, weights, telemetry),
    versions: versions(),
  };
  return { manifest, model };
}

/** The same weights and telemetry, the same bytes. */
export function edgeModel(weights: Weights, telemetry: Telemetry): Uint8Array {
  return writeModel(
    quantise(weights, calibrate(weights, telemetry)),
    `gridramp edge model, features version ${FEATURES_VERSION}`,
  );
}

export function writeEdge(registry: string, { manifest, model }: Built): Promise<string> {
  return writeArtefact(registry, manifest, new Map([['model.tflite', model]]));
}

/** The weights and margins of a dense model, if `telemetry` is what it was trained on: of another set, nobody knows which part it has not seen. */
function trainedOn(
  telemetry: Telemetry,
  { digest, manifest, files }: Artefact,
): { bytes: Uint8Array; margins: number[] } {
  const fault = (message: string, fix: string) => new InputError([{ place: digest, message, fix }]);
  const weights = files.get('weights.bin');
  if (manifest.kind !== 'dense' || weights === undefined)
    throw fault(
      `it is of kind ${manifest.kind}, and only a dense one becomes an edge model`,
      'name one of npm run train',
    );
  if (manifest.features_version !== FEATURES_VERSION)
    throw fault(
      `it was trained on features version ${manifest.features_version}, not ${FEATURES_VERSION}`,
      'train it again',
    );
  if (manifest.data.digest !== telemetryDigest(telemetry))
    throw fault(otherSet(manifest, telemetry), 'give that set by --telemetry');
  return { bytes: weights, margins: manifest.margins };
}

function otherSet({ data }: DenseManifest, { name }: Telemetry): string {
  return `it was trained on ${data.name} (${data.digest}), and ${name} is another set`;
}

/** That what our runners read out of the file is what LiteRT does with it. */
async function prove(model: Uint8Array, telemetry: Telemetry): Promise<void> {
  const { features } = trainingSamples(telemetry, telemetry.hours).draw(randomOf(PROOF_SEED), PROOF_ROWS);
  const ours = integerForward(readModel(model))(features);
  const theirs = await runByLiteRt(model, features);
  const different = ours.findIndex((value, i) => value !== theirs[i]);
  if (different >= 0)
    throw new Error(
      `window ${Math.floor(different / LEADS)}, lead ${1 + (different % LEADS)}: LiteRT gives ${theirs[different]} and our runner ${ours[different]}; the model was not written`,
    );
}

export async function lossOf(model: Uint8Array, weights: Weights, telemetry: Telemetry): Promise<EdgeLoss> {
  const from_h = telemetry.start_h + trainingHours(telemetry);
  const to_h = telemetry.start_h + telemetry.hours - LEADS;
  const ours = await stationErrors(edge(model), telemetry, from_h, to_h);
  const theirs = await stationErrors(dense(await simd.open(weights)), telemetry, from_h, to_h);
  // A station without a single reading, or that stands still at zero, cannot be compared.
  const compared = ours.flatMap(({ error, size }, station) => {
    const of_source = theirs[station]?.error ?? 0;
    return size > 0 && of_source > 0
      ? [{ ratio: error / of_source, nmae: error / size, of_source: of_source / size }]
      : [];
  });
  const mean = (of: (row: (typeof compared)[number]) => number) =>
    compared.reduce((sum, row) => sum + of(row), 0) / compared.length;
  return {
    from: isoOfHour(from_h),
    to: isoOfHour(to_h),
    nmae: mean(({ nmae }) => nmae),
    nmae_of_source: mean(({ of_source }) => of_source),
    mae_ratio: mean(({ ratio }) => ratio),
    mae_ratio_max: Math.max(...compared.map(({ ratio }) => ratio)),
    stations: compared.length,
  };
}

function versions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const of = (name: string): string => {
    const { version }: { version: string } = require(`${name}/package.json`);
    return version;
  };
  return { flatbuffers: of('flatbuffers'), litert: of('@litertjs/core') };
}
