import { InputError } from '../../core/input-error.ts';
import { loadArtefact } from '../artefact.ts';
import { folderStore } from './folder-store.ts';
import { publications, publish } from './publications.ts';
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

/**
 * Makes a name stand for a model again, without comparing it, once every byte of it is verified; says for which it stood. Throws a
 * RegistryError with the first file that is wrong.
 */
export async function restore(
  model: string,
  { registry, store, name, reason, now }: RestoreOptions,
): Promise<{ stood_for: string }> {
  const own = folderStore(registry);
  const before = await publications(own, name);
  const stood_for = before.at(-1)?.model;
  if (stood_for === undefined)
    throw new InputError([
      { place: '--as', message: `nothing was published as "${name}"`, fix: 'see npm run models -- list for the names' },
    ]);
  if (store !== null) await pull(store, registry, model);
  await loadArtefact(registry, model);
  if (stood_for !== model) {
    const publication = { model, replaces: stood_for, at: now().toISOString(), compared: null, reason };
    await publish(own, name, before.length, publication);
  }
  return { stood_for };
}
