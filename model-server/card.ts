import { MAX_BATCH } from '../core/record.ts';
import { HISTORY_HOURS } from '../core/telemetry.ts';
import { loadModel, loadRelease } from './artefact.ts';
import type { ServerConfig } from './config.ts';
import { FORECAST_BODY_BYTES } from './forecast.ts';
import { MAX_STATIONS } from './history.ts';
import type { Manifest } from './manifest.ts';

/** What a server forecasts with, for whoever asks: where each arm's model came from, how good it was, and what the server takes. */
export type ModelCard = {
  release: string;
  /** The default arm, its model's digest and kind. */
  arm: string;
  model: string;
  kind: string;
  /** Each arm's manifest: data window, held-out metrics, code and library versions where it was trained. */
  models: Record<string, { digest: string; manifest: Manifest }>;
  licence: string;
  limits: Record<string, number>;
  node: string;
};

export const limits = {
  stations_per_call: MAX_BATCH,
  history_hours: HISTORY_HOURS,
  body_bytes: FORECAST_BODY_BYTES,
  stations_held: MAX_STATIONS,
};

/** Reads the card of a release from the registry. */
export async function modelCard({
  registry,
  release,
  arm,
  model_store,
}: Pick<ServerConfig, 'registry' | 'release' | 'arm' | 'model_store'>): Promise<ModelCard> {
  const { model, arms = { [arm]: model } } = await loadRelease(registry, release);
  const models: ModelCard['models'] = {};
  for (const [name, digest] of Object.entries(arms))
    models[name] = { digest, manifest: (await loadModel(registry, digest, model_store)).manifest };
  const kind = models[arm]?.manifest.kind ?? (await loadModel(registry, model, model_store)).manifest.kind;
  return { release, arm, model, kind, models, licence: 'Apache-2.0', limits, node: process.version };
}
