import type { Telemetry } from '../../core/telemetry.ts';
import { controlArtefact } from '../control.ts';
import { type Comparison, compare, Incomparable, isWorse } from './compare.ts';
import { folderStore } from './folder-store.ts';
import { type Publication, publications, publish } from './publications.ts';
import type { Store } from './store.ts';
import { push } from './transfer.ts';

export type PublishOptions = {
  registry: string;
  telemetry: Telemetry;
  /** What the model is published as. */
  name: string;
  /** Digest of the model that it must not be worse than; default: what the name stands for, at first the existing forecast. */
  replaces?: string | undefined;
  /** Why it is published even if it is worse, or cannot be compared. */
  allow_worse?: string | undefined;
  /** Where a copy of it must lie before the name stands for it. */
  model_store?: Store | undefined;
  now: () => Date;
};

export type Published = {
  outcome: 'published' | 'unchanged' | 'refused';
  replaces: string;
  compared: Comparison | null;
  /** Why there is no comparison. */
  incomparable?: string;
};

/** Publishes a model unless it is worse than what it would replace. Readers of the name see the one or the other. */
export async function publishTrained(
  model: string,
  { registry, telemetry, name, replaces, allow_worse, model_store, now }: PublishOptions,
): Promise<Published> {
  const store = folderStore(registry);
  const before = await publications(store, name);
  const current = before.at(-1)?.model;
  const replaced = replaces ?? current ?? (await controlArtefact(registry));
  const copied = async () => model_store && push(registry, model_store, model);
  if (model === current) await copied();
  if (model === current) return { outcome: 'unchanged', replaces: current, compared: null };
  const compared = await comparison(registry, model, replaced, telemetry);
  const wanted = 'incomparable' in compared || isWorse(compared.compared) ? allow_worse : '';
  if (wanted === undefined) return { outcome: 'refused', replaces: replaced, ...compared };
  const publication: Publication = {
    model,
    replaces: replaced,
    at: now().toISOString(),
    compared: compared.compared,
    ...(wanted !== '' && { reason: wanted }),
  };
  await copied();
  await publish(store, name, before.length, publication);
  return { outcome: 'published', replaces: replaced, ...compared };
}

type Compared = { compared: Comparison } | { compared: null; incomparable: string };

async function comparison(registry: string, model: string, replaced: string, telemetry: Telemetry): Promise<Compared> {
  try {
    return { compared: await compare(registry, model, replaced, telemetry) };
  } catch (error) {
    if (error instanceof Incomparable) return { compared: null, incomparable: error.message };
    throw error;
  }
}
