import { randomOf } from '../core/random.ts';
import { LEADS } from '../core/record.ts';
import { sha256 } from '../core/release.ts';
import { writeArtefact } from './artefact.ts';
import { FEATURES_VERSION } from './features.ts';
import type { Importance } from './manifest.ts';
import { SHAPES } from './network.ts';

/** For tests: weights of an untrained network, which forecasts nonsense, but the same nonsense everywhere. */
export function randomWeights(seed: number): Uint8Array {
  const random = randomOf(seed);
  const floats = SHAPES.reduce((sum, [rows, columns]) => sum + rows * columns, 0);
  return new Uint8Array(Float32Array.from({ length: floats }, () => (random() - 0.5) / 4).buffer);
}

/** Puts it into the registry and returns its digest. */
export function randomNetwork(registry: string, importance: Importance = {}): Promise<string> {
  const weights = randomWeights(1);
  const files = { 'weights.bin': { sha256: sha256(weights), bytes: weights.byteLength } };
  const metrics = { from: '', to: '', nmae: 1, nmae_control: 1, gain: 0, mae_ratio: 1, stations: 2, stations_worse: 0 };
  const data = { name: 'made up', digest: sha256(''), stations: 2, from: '', to: '' };
  const manifest = { kind: 'dense', files, features_version: FEATURES_VERSION, hidden: [], seed: 1, steps: 0 } as const;
  return writeArtefact(
    registry,
    {
      ...{ ...manifest, hidden: [], margins: new Array<number>(LEADS).fill(1) },
      ...{ data, metrics, importance, code: sha256(''), versions: {} },
    },
    new Map([['weights.bin', weights]]),
  );
}
