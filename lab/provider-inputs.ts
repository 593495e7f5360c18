import { canonicalJson } from '../core/release.ts';

type Json = Record<string, unknown>;

/** Kubernetes objects as Pulumi's inputs. */
export type ObjectInputs = Json & {
  apiVersion: string;
  kind: string;
  metadata: Json & { name: string; namespace?: string; annotations?: Record<string, string> };
};

/** By this key Pulumi marks values that are not plain JSON; the value says which kind. */
const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';

/** The plain object: without marks of secrets, and without what Pulumi keeps beside it (`__defaults`, `__inputs`). */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (entries.some(([key, mark]) => key === SIGNATURE && mark === SECRET))
    return plain(entries.find(([key]) => key === 'value')?.[1]);
  return Object.fromEntries(
    entries.filter(([key]) => !key.startsWith('__')).map(([key, inner]) => [key, plain(inner)]),
  );
}

/** A live Secret's data stays secret in Pulumi's state. */
export function secretOf(value: unknown): unknown {
  return { [SIGNATURE]: SECRET, value };
}

/** Checks the form of inputs; a list of [property, reason] when they are not an object. */
export function faultsOf(inputs: Json): [string, string][] {
  const metadata = isJson(inputs.metadata) ? inputs.metadata : {};
  const missing = (['apiVersion', 'kind'] as const).filter((field) => typeof inputs[field] !== 'string');
  return [
    ...missing.map((field): [string, string] => [field, `must be a text, but is ${JSON.stringify(inputs[field])}`]),
    ...(typeof metadata.name === 'string' ? [] : [['metadata.name', 'must be a text'] satisfies [string, string]]),
    ...(String(inputs.kind).endsWith('Patch')
      ? [['kind', 'patches of objects are not known to the lab provider'] satisfies [string, string]]
      : []),
  ];
}

/** The object to apply; `faultsOf` has been asked before. */
export function objectOf(inputs: unknown): ObjectInputs {
  return plain(inputs) as ObjectInputs;
}

export type Diff = { changes: boolean; replaces: string[] };

/**
 * Compares what was applied with what is wanted, not with what lives: fields that controllers write are no change. The engine has
 * put the old inputs in place of ignored ones before.
 */
export function diffOf(olds: unknown, news: unknown): Diff {
  const before = objectOf(olds);
  const after = objectOf(news);
  const replaces = [
    ...(before.metadata.name === after.metadata.name ? [] : ['metadata.name']),
    ...(before.metadata.namespace === after.metadata.namespace ? [] : ['metadata.namespace']),
    ...(groupOf(before) === groupOf(after) && before.kind === after.kind ? [] : ['apiVersion']),
  ];
  return { changes: canonicalJson(before) !== canonicalJson(after), replaces };
}

function groupOf({ apiVersion }: ObjectInputs): string {
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

/** As the official provider writes ids. */
export function idOf({ metadata: { name, namespace } }: { metadata: { name?: string; namespace?: string } }): string {
  return namespace === undefined ? (name ?? '') : `${namespace}/${name}`;
}

/** For people: `Rollout forecast/forecast`. */
export function nameOf(object: ObjectInputs): string {
  return `${object.kind} ${idOf(object)}`;
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
