type Json = Record<string, unknown>;

/** Who owns which fields: the part of `metadata.managedFields` that is read here. */
export type ManagedFields = readonly { manager?: string; fieldsV1?: object }[];

/**
 * An object to apply without those of its ignored fields that another manager owns, as the official provider does it: applying
 * them would take them back, for instance set a weight that Argo Rollouts has moved since. Fields that only `manager` owns stay,
 * or applying without them would delete them. `ignored` are property paths like `spec.http` or `spec.ports[0].port`.
 */
export function withoutForeign(object: Json, ignored: readonly string[], fields: ManagedFields, manager: string): Json {
  const foreign = fields.filter((each) => each.manager !== manager).map(({ fieldsV1 = {} }) => fieldsV1);
  return ignored.reduce((rest, path) => prune(rest, keysOf(path), foreign), object);
}

/** Removes what the foreign managers own of the field at `path`. Lists are taken whole: their owners are not told apart. */
function prune(object: Json, path: readonly string[], foreign: readonly object[]): Json {
  const [key, ...below] = path;
  const keys = key === undefined ? Object.keys(object) : [key].filter((each) => each in object);
  const entries = keys.flatMap((each) => {
    const owners = foreign.flatMap((owner) => childOf(owner, `f:${each}`));
    const value = object[each];
    if (owners.length === 0) return [[each, value] as const];
    if (owners.some(isLeaf) || !isJson(value)) return [];
    const left = prune(value, below, owners);
    return Object.keys(left).length === 0 ? [] : [[each, left] as const];
  });
  const rest = Object.entries(object).filter(([each]) => !keys.includes(each));
  return Object.fromEntries([...rest, ...entries]);
}

/** `spec.selector["a.b"]` → spec, selector, a.b; it ends at a list's index or wildcard. */
function keysOf(path: string): string[] {
  const keys = [...path.matchAll(/\["([^"]+)"\]|\[(\d+|\*)\]|([^.[\]]+)/g)];
  const end = keys.findIndex(([, , index]) => index !== undefined);
  return keys.slice(0, end === -1 ? undefined : end).map(([, quoted, , plain]) => quoted ?? plain ?? '');
}

function childOf(owner: object, key: string): object[] {
  const child: unknown = Object.entries(owner).find(([name]) => name === key)?.[1];
  return typeof child === 'object' && child !== null ? [child] : [];
}

function isLeaf(owner: object): boolean {
  return !Object.keys(owner).some((key) => key.startsWith('f:'));
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
