import { type Artefact, loadArtefact, loadRelease } from './artefact.ts';
import type { DenseManifest, SeasonalManifest } from './manifest.ts';
import type { Predictor } from './predictor.ts';
import { scaled } from './scaled.ts';
import { seasonal } from './seasonal.ts';

/** A release ready to forecast. */
export type OpenRelease = { release: string; model: string; predictor: Predictor };

/** How servers get the predictor of a release digest. */
export type ReleaseOpener = (registry: string, release: string) => Promise<OpenRelease>;

export const openRelease: ReleaseOpener = async (registry, release) => {
  const { model } = await loadRelease(registry, release);
  return { release, model, predictor: await openModel(registry, model) };
};

export async function openModel(registry: string, digest: string): Promise<Predictor> {
  const artefact = await loadArtefact(registry, digest);
  const { manifest } = artefact;
  switch (manifest.kind) {
    case 'seasonal':
      return openSeasonal(manifest);
    case 'scaled':
      return scaled(openSeasonal(manifest.of), manifest.factor);
    case 'dense':
      return openDense(artefact, manifest);
  }
}

function openSeasonal({ lag_h }: SeasonalManifest): Predictor {
  return seasonal(lag_h);
}

/** Imported here and not above: only a learned model pays for TensorFlow. */
async function openDense({ digest, files }: Artefact, manifest: DenseManifest): Promise<Predictor> {
  const [{ dense }, { FEATURES_VERSION }] = await Promise.all([import('./dense.ts'), import('./features.ts')]);
  if (manifest.features_version !== FEATURES_VERSION)
    throw new RangeError(
      `model ${digest} was trained on features version ${manifest.features_version}, this server makes version ${FEATURES_VERSION}; train it again`,
    );
  const weights = files.get('weights.bin');
  if (weights === undefined) throw new RangeError(`model ${digest} has no weights.bin`);
  return dense(weights);
}
