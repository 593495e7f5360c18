import { readArtefact } from '../../model-server/artefact.ts';
import type { Manifest } from '../../model-server/manifest.ts';
import { type Publication, publications, publicNames } from '../../model-server/registry/publications.ts';
import { RegistryError, type Store } from '../../model-server/registry/store.ts';
import { modelsIn } from '../../model-server/registry/transfer.ts';
import { textTable } from '../text-table.ts';

/** A model of a store; `fault` says what is wrong where a byte of it is. */
export type Listed =
  | { digest: string; kind: string; trained_on: string | null; nmae: number | null; gain: number | null; bytes: number }
  | { digest: string; fault: string };

/** A name, and which models it stood for, the earliest first: it stands for the last one. */
export type Named = { name: string; publications: Publication[] };

/** Every model of a store, each with every byte verified. */
export async function listModels(store: Store): Promise<Listed[]> {
  const listed: Listed[] = [];
  for (const digest of await modelsIn(store)) listed.push(await listedOne(store, digest));
  return listed;
}

export async function listNames(store: Store): Promise<Named[]> {
  const names = await publicNames(store);
  return Promise.all(names.map(async (name) => ({ name, publications: await publications(store, name) })));
}

export function listText(models: readonly Listed[], names: readonly Named[]): string {
  if (models.length === 0) return 'there is no model';
  const head = ['model', 'kind', 'trained on', 'nMAE', 'gain', 'bytes', 'published as'];
  const rows = models.map((model) => {
    const as = names.filter(({ publications }) => publications.at(-1)?.model === model.digest).map(({ name }) => name);
    if ('fault' in model) return [model.digest, 'damaged', '', '', '', '', as.join(', ')];
    const { digest, kind, trained_on, nmae, gain, bytes } = model;
    return [digest, kind, trained_on ?? '', percent(nmae), percent(gain), String(bytes), as.join(', ')];
  });
  const faults = models.flatMap((model) => ('fault' in model ? [model.fault] : []));
  return [...textTable([head], rows, [3, 4, 5]), ...faults].join('\n');
}

async function listedOne(store: Store, digest: string): Promise<Listed> {
  try {
    const { manifest, files } = await readArtefact(store, digest);
    const bytes = [...files.values()].reduce((sum, file) => sum + file.byteLength, 0);
    return { digest, kind: manifest.kind, bytes, ...trainingOf(manifest) };
  } catch (error) {
    if (error instanceof RegistryError) return { digest, fault: error.message };
    throw error;
  }
}

function trainingOf(manifest: Manifest) {
  if ('data' in manifest) {
    const { data, metrics } = manifest;
    return { trained_on: `${data.name} to ${data.to.slice(0, 10)}`, nmae: metrics.nmae, gain: metrics.gain };
  }
  if ('loss' in manifest) return { trained_on: `of ${manifest.of.slice(0, 15)}`, nmae: manifest.loss.nmae, gain: null };
  return { trained_on: null, nmae: null, gain: null };
}

function percent(share: number | null): string {
  return share === null ? '' : `${(100 * share).toFixed(2)} %`;
}
