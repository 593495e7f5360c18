import { trapsIn } from '../../core/compile/audit/audit.ts';
import type { Trap } from '../../core/compile/audit/rule.ts';
import { type Fault, InputError } from '../../core/input-error.ts';
import { auditedAmong, ruledKinds, schemaFault } from '../../policies/stacks/audited-objects.ts';
import { type KubernetesObject, readObjects } from './kubernetes-objects.ts';

/** Audits YAML files that others wrote. Returns what was judged and what was not; throws an InputError with every trap, or with what cannot be read. */
export async function auditFiles(files: readonly string[]): Promise<string> {
  const objects = (await Promise.all(files.map(readObjects))).flat();
  const invalid = objects.flatMap(objectFaults);
  if (invalid.length > 0) throw new InputError(invalid);
  const [judged, others] = [objects.filter(isRuled), objects.filter((object) => !isRuled(object))];
  refuseTraps(files.join(', '), trapsIn(auditedAmong(judged.map(({ fields }) => fields))));
  const kinds = [...new Set(others.map(({ kind }) => kind))].sort().join(', ');
  if (judged.length === 0)
    return `nothing judged: no object of a kind that has rules, which are ${ruledKinds.join(', ')}; there are only ${kinds}`;
  const unjudged = others.length === 0 ? '' : `; ${others.length} not judged, of kinds without rules: ${kinds}`;
  return `${counted(judged.length)} judged, ${judged.length === 1 ? 'it holds no' : 'none holds a'} trap${unjudged}`;
}

/** Throws an InputError with the traps, if there are any. `where` says what was audited. */
export function refuseTraps(where: string, traps: readonly Trap[]): void {
  if (traps.length === 0) return;
  throw new InputError(
    traps.map(({ rule, place, reason, fix }) => ({
      place: `${where} ${place}`,
      message: `${rule}: ${reason}`,
      fix,
    })),
  );
}

function isRuled({ kind }: KubernetesObject): boolean {
  return ruledKinds.includes(kind);
}

function counted(objects: number): string {
  return objects === 1 ? '1 object' : `${objects} objects`;
}

/** What an object's own schema refuses, and a kind that only looks like one that has rules. */
function objectFaults({ kind, fields, place: where }: KubernetesObject): Fault[] {
  const place = `${where} ${kind}/${nameOf(fields)}`;
  const meant = ruledKinds.find((name) => name !== kind && name.toLowerCase() === kind.toLowerCase());
  if (meant !== undefined)
    return [{ place, message: `Kubernetes knows no kind "${kind}"`, fix: `did you mean "${meant}"?` }];
  const fault = schemaFault(fields);
  return fault === undefined ? [] : [{ place, ...fault }];
}

function nameOf(object: object): string {
  const { metadata }: { metadata?: unknown } = object;
  const { name }: { name?: unknown } = typeof metadata === 'object' && metadata !== null ? metadata : {};
  return typeof name === 'string' ? name : '(without a name)';
}
