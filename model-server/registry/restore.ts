import { InputError } from '../../core/input-error.ts';
import { loadArtefact } from '../artefact.ts';
import { folderStore } from './folder-store.ts';
import { type Publication, publications, publish } from './publications.ts';
import type { Store } from './store.ts';
import { pull } from './transfer.ts';

export type RestoreOptions = {
  registry: string;
  /** Where the model is taken from if the registry has it not, or damaged; null: nowhere. */
  store: Store | null;
  name: string;
  reason: string;
  now: () => Date;
};

/** Makes a name stand for a model again, without comparing it, once every byte of it is verified. Throws a RegistryError with the first that is wrong. */
export async function restore(
  model: string,
  { registry, store, name, reason, now }: RestoreOptions,
): Promise<Publication> {
  const own = folderStore(registry);
  const before = await publications(own, name);
  const replaces = before.at(-1)?.model;
  if (replaces === undefined)
    throw new InputError([
      { place: '--as', message: `nothing was published as "${name}"`, fix: 'see npm run models -- list for the names' },
    ]);
  if (store !== null) await pull(store, registry, model);
  await loadArtefact(registry, model);
  const publication = { model, replaces, at: now().toISOString(), compared: null, reason };
  await publish(own, name, before.length, publication);
  return publication;
}
