import { type Fault, InputError } from '../../core/input-error.ts';
import { parseYaml, readInput, type Source } from '../yaml-file.ts';

/** An object as a file has it: its fields, and where it begins. */
export type KubernetesObject = {
  kind: string;
  apiVersion: string;
  fields: { kind: string; apiVersion: string };
  place: string;
};

/**
 * The objects of a YAML or JSON file: its documents, and those within an array, a List, or the list of one kind, as kubectl prints them.
 * Throws an InputError where there is none, or where something else stands among them.
 */
export async function readObjects(file: string): Promise<KubernetesObject[]> {
  const sources = parseYaml(await readInput('--audit', file), file);
  const found = sources.flatMap((source) => entriesOf(source, source.value, []));
  const faults = found.flatMap((entry) => ('message' in entry ? entry : []));
  if (faults.length > 0) throw new InputError(faults);
  if (found.length === 0)
    throw new InputError([{ place: file, message: 'has no object', fix: 'name a file of Kubernetes objects' }]);
  return found.flatMap((entry) => ('message' in entry ? [] : entry));
}

type Path = readonly (string | number)[];
type Inherited = { kind?: unknown; apiVersion?: unknown };

/** `inherited`: what the list of one kind says of its items, which may leave it out. */
function entriesOf(
  source: Source,
  value: unknown,
  path: Path,
  inherited: Inherited = {},
): (KubernetesObject | Fault)[] {
  // What stands between two "---" may be nothing.
  if (value === null && path.length === 0) return [];
  const inside = (items: readonly unknown[], at: Path, own: Inherited) =>
    items.flatMap((item, index) => entriesOf(source, item, [...at, index], own));
  if (Array.isArray(value)) return inside(value, path, {});
  const place = source.placeOf(path);
  if (typeof value !== 'object' || value === null)
    return [{ place, message: `${JSON.stringify(value)} is no Kubernetes object`, fix: 'write one, or remove it' }];
  const { kind, apiVersion, items }: Inherited & { items?: unknown } = { ...inherited, ...value };
  if (typeof kind !== 'string' || typeof apiVersion !== 'string')
    return [{ place, message: 'this object lacks its kind or its apiVersion', fix: 'write both, or leave it out' }];
  const [, of] = /^(\w*)List$/.exec(kind) ?? [];
  if (of !== undefined && Array.isArray(items))
    return inside(items, [...path, 'items'], of === '' ? {} : { kind: of, apiVersion });
  return [{ kind, apiVersion, fields: { ...value, kind, apiVersion }, place }];
}
