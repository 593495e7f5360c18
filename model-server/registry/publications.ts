import { Ajv, type ValidateFunction } from 'ajv';
import { InputError } from '../../core/input-error.ts';
import { registryPath } from '../../core/registry.ts';
import { canonicalJson, DIGEST_PATTERN } from '../../core/release.ts';
import type { Comparison } from './compare.ts';
import { RegistryError, type Store } from './store.ts';

/** Which model a name stands for from now on, until the next one. */
export type Publication = {
  model: string;
  /** What it was compared with, and replaces. */
  replaces: string;
  /** When, as ISO 8601 in UTC. */
  at: string;
  /** null where the two were not compared. */
  compared: Comparison | null;
  /** Why a person wanted it: a model that is worse than what it replaces, or an earlier one. */
  reason?: string;
};

const MAX_BYTES = 64 * 1024;
export const MAX_REASON = 1_000;

/** Everything that was published under a name, the earliest first. */
export async function publications(store: Store, name: string): Promise<Publication[]> {
  const files = (await store.list(registryPath.publications(name))).filter((file) => /\/\d{6}\.json$/.test(file));
  return Promise.all(files.map((file) => readPublication(store, file)));
}

/** Names under which something was published. */
export async function publicNames(store: Store): Promise<string[]> {
  const files = await store.list('published');
  const names = files.flatMap((file) => /^published\/([^/]+)\/\d{6}\.json$/.exec(file)?.[1] ?? []);
  return [...new Set(names)];
}

/** Adds to what was published under a name, `count` times until now. Throws an InputError where somebody else just did. */
export async function publish(store: Store, name: string, count: number, publication: Publication): Promise<void> {
  const file = registryPath.publication(name, count + 1);
  if (await store.writeIfAbsent(file, Buffer.from(canonicalJson(publication)))) return;
  throw new InputError([
    { place: store.path(file), message: 'was just published by somebody else', fix: 'look at it and try again' },
  ]);
}

async function readPublication(store: Store, file: string): Promise<Publication> {
  const bytes = await store.read(file, MAX_BYTES);
  if (bytes === null) throw new RegistryError(store.path(file), 'was there when it was listed, and is gone');
  const value: unknown = parsed(Buffer.from(bytes).toString('utf8'));
  if (isPublication(value)) return value;
  throw new RegistryError(
    store.path(file),
    `is no publication (${faultsOf(isPublication)}); restore it from a copy, or remove it and all that follow it`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema refuses it by its path.
    return undefined;
  }
}

function faultsOf({ errors }: ValidateFunction): string {
  return ajv.errorsText(errors, { dataVar: 'it' });
}

const digest = { type: 'string', pattern: DIGEST_PATTERN } as const;
const text = { type: 'string', minLength: 1, maxLength: MAX_REASON } as const;
const number = { type: 'number' } as const;
const strict = (properties: Record<string, object>, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const ajv = new Ajv();
const isPublication = ajv.compile<Publication>(
  strict(
    {
      ...{ model: digest, replaces: digest, at: text, reason: text },
      compared: {
        oneOf: [
          { type: 'null' },
          strict({
            ...{ from: text, to: text, nmae: number, nmae_replaced: number, mae_ratio: number },
            ...{ stations: number, stations_worse: number },
          }),
        ],
      },
    },
    ['model', 'replaces', 'at', 'compared'],
  ),
);
