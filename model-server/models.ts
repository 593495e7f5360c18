import type { BackendName } from '../core/release.ts';
import { type Artefact, loadModel, loadRelease } from './artefact.ts';
import { backends, openNetwork, usualOrder } from './backends/backends.ts';
import { dense } from './dense.ts';
import { edge } from './edge/edge.ts';
import { FEATURES_VERSION } from './features.ts';
import { type Candidate, type InOrder, inOrder, type Lasting } from './in-order.ts';
import type { DenseManifest, EdgeManifest, LinearManifest, SeasonalManifest } from './manifest.ts';
import { weightsOf } from './network.ts';
import type { Predictor } from './predictor.ts';
import { fallback } from './predictors/fallback.ts';
import { LINEAR_VERSION } from './predictors/linear.ts';
import { openLinear } from './predictors/trained.ts';
import { Problem } from './problem.ts';
import type { Store } from './registry/store.ts';
import { scaled } from './scaled.ts';
import { seasonal } from './seasonal.ts';

/** A release ready to forecast. */
export type OpenRelease = {
  release: string;
  model: string;
  /** The default arm's. */
  predictor: Lasting;
  /** Every arm's, where the release has several; else none. */
  arms: ReadonlyMap<string, Lasting>;
  flags: Record<string, unknown>;
};

/**
 * `onFault`: see `InOrder`; `change`: what a rehearsal does to the default arm's predictor; `model_store`: where models are taken from that
 * the registry has not.
 */
export type OpenOptions = Partial<Pick<InOrder, 'onFault'>> & {
  change?: (honest: Predictor) => Predictor;
  model_store?: Store | undefined;
};

type ModelOptions = OpenOptions & { backends?: readonly BackendName[] };

/** How servers get the predictor of a release digest. */
export type ReleaseOpener = (registry: string, release: string, options?: OpenOptions) => Promise<OpenRelease>;

export const openRelease: ReleaseOpener = async (registry, release, { change, ...options } = {}) => {
  const { model, arms = {}, flags, server } = await loadRelease(registry, release);
  const common = { ...options, ...server };
  const predictor = await openModel(registry, model, { ...common, ...(change && { change }) });
  const opened = new Map<string, Lasting>();
  const open: OpenRelease = { release, model, predictor, arms: opened, flags };
  try {
    for (const [arm, digest] of Object.entries(arms))
      opened.set(arm, digest === model ? predictor : await openModel(registry, digest, common));
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
): Lasting {
  if (named === undefined || named === default_arm) return predictor;
  const found = arms.get(named);
  if (found !== undefined) return found;
  const known = arms.size > 0 ? [...arms.keys()] : [default_arm];
  throw new Problem(400, 'unknown-arm', `arm: "${named}" is no arm of this release; it has ${known.join(', ')}`);
}

/** Every model of a release, once: arms may share one. */
export function eachPredictor({ predictor, arms }: OpenRelease): ReadonlySet<Lasting> {
  return new Set([predictor, ...arms.values()]);
}

/** Frees every arm's model. */
export function closeRelease(opened: OpenRelease): void {
  for (const each of eachPredictor(opened)) each.dispose();
}

/** Opens a model by digest on the first of its backends that works; see `inOrder`. A damaged or unfit artefact is an error. */
export async function openModel(
  registry: string,
  digest: string,
  { backends: order = usualOrder, onFault = () => {}, change = (honest) => honest, model_store }: ModelOptions = {},
): Promise<Lasting> {
  const artefact = await loadModel(registry, digest, model_store);
  const [first, ...others] = candidatesOf(artefact, order).map(({ name, open }) => ({
    name,
    open: async () => change(await open()),
  }));
  if (first === undefined) throw new RangeError(`${digest} is to be opened on no backend at all`);
  return inOrder({
    kind: artefact.manifest.kind,
    candidates: [first, ...others],
    last: fallback(),
    onFault,
  });
}

function candidatesOf(artefact: Artefact, order: readonly BackendName[]): Candidate[] {
  const { manifest } = artefact;
  switch (manifest.kind) {
    case 'seasonal':
      return [ready(openSeasonal(manifest))];
    case 'scaled':
      return [ready(scaled(openSeasonal(manifest.of), manifest.factor))];
    case 'fallback':
      return [ready(fallback())];
    case 'ridge':
    case 'online':
    case 'ensemble':
    case 'all':
      return [ready(openTrained(artefact, manifest))];
    case 'dense': {
      const weights = weightsOf(learnt(artefact, manifest, 'weights.bin'));
      const open = async (name: BackendName) => dense(await openNetwork(backends[name], weights), manifest.margins);
      return order.map((name) => ({ name, open: () => open(name) }));
    }
    case 'edge':
      return [ready(edge(learnt(artefact, manifest, 'model.tflite'), manifest.margins))];
  }
}

/** What needs no backend. */
function ready(predictor: Predictor): Candidate {
  return { name: predictor.kind, open: async () => predictor };
}

function openSeasonal({ lag_h }: SeasonalManifest): Predictor {
  return seasonal(lag_h);
}

function openTrained({ digest, files }: Artefact, { kind, linear_version }: LinearManifest): Predictor {
  if (linear_version !== LINEAR_VERSION)
    throw new RangeError(
      `model ${digest} was trained on linear features version ${linear_version}, this server makes version ${LINEAR_VERSION}; train it again`,
    );
  return openLinear(kind, files);
}

/** The file of a model that was trained on the features that this server makes. */
function learnt(
  { digest, files }: Artefact,
  { features_version }: DenseManifest | EdgeManifest,
  name: string,
): Uint8Array {
  if (features_version !== FEATURES_VERSION)
    throw new RangeError(
      `model ${digest} was trained on features version ${features_version}, this server makes version ${FEATURES_VERSION}; train it again`,
    );
  const file = files.get(name);
  if (file === undefined) throw new RangeError(`model ${digest} has no ${name}`);
  return file;
}
