import { type Artefact, loadArtefact, loadRelease } from './artefact.ts';
import type { DenseManifest, SeasonalManifest } from './manifest.ts';
import type { Predictor } from './predictor.ts';
import { Problem } from './problem.ts';
import { scaled } from './scaled.ts';
import { seasonal } from './seasonal.ts';

/** A release ready to forecast. */
export type OpenRelease = {
  release: string;
  model: string;
  /** The default arm's. */
  predictor: Predictor;
  /** Every arm's, where the release has several; else none. */
  arms: ReadonlyMap<string, Predictor>;
  flags: Record<string, unknown>;
};

/** How servers get the predictor of a release digest. */
export type ReleaseOpener = (registry: string, release: string) => Promise<OpenRelease>;

export const openRelease: ReleaseOpener = async (registry, release) => {
  const { model, arms = {}, flags } = await loadRelease(registry, release);
  const predictor = await openModel(registry, model);
  const opened = new Map<string, Predictor>();
  const open: OpenRelease = { release, model, predictor, arms: opened, flags };
  try {
    for (const [arm, digest] of Object.entries(arms))
      opened.set(arm, digest === model ? predictor : await openModel(registry, digest));
  } catch (error) {
    // Whoever asks again opens all of them again: what is open would be held twice.
    closeRelease(open);
    throw error;
  }
  return open;
};

/** What an arm forecasts with: `named` by a caller, or the default one. */
export function predictorOf(
  { predictor, arms }: OpenRelease,
  named: string | undefined,
  default_arm?: string,
): Predictor {
  if (named === undefined || named === default_arm) return predictor;
  const found = arms.get(named);
  if (found !== undefined) return found;
  const known = arms.size > 0 ? [...arms.keys()] : [default_arm];
  throw new Problem(400, 'unknown-arm', `arm: "${named}" is no arm of this release; it has ${known.join(', ')}`);
}

/** Frees every arm's model. */
export function closeRelease({ predictor, arms }: OpenRelease): void {
  for (const each of new Set([predictor, ...arms.values()])) each.dispose();
}

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
