import { AnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/AnalysisTemplate';
import { ClusterAnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/ClusterAnalysisTemplate';
import { Rollout } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/Rollout';
import { VirtualService } from '@kubernetes-models/istio/networking.istio.io/v1/VirtualService';
import { type Audited, trapsIn } from '../../core/compile/audit/audit.ts';
import type { Trap } from '../../core/compile/audit/rule.ts';
import type { Autoscaler } from '../../core/compile/audit/together-rules.ts';
import { type Fault, InputError } from '../../core/input-error.ts';
import { type KubernetesObject, readObjects } from './kubernetes-objects.ts';

const models = [AnalysisTemplate, ClusterAnalysisTemplate, Rollout, VirtualService];
const scalers = ['HorizontalPodAutoscaler', 'ScaledObject'];
const ruled = [...models.map(({ kind }) => kind), ...scalers];

/** Audits YAML files that others wrote. Returns what was judged and what was not; throws an InputError with every trap, or with what cannot be read. */
export async function auditFiles(files: readonly string[]): Promise<string> {
  const objects = (await Promise.all(files.map(readObjects))).flat();
  const invalid = objects.flatMap(objectFaults);
  if (invalid.length > 0) throw new InputError(invalid);
  const [judged, others] = [objects.filter(isRuled), objects.filter((object) => !isRuled(object))];
  refuseTraps(files.join(', '), trapsIn(sortedByKind(judged)));
  const kinds = [...new Set(others.map(({ kind }) => kind))].sort().join(', ');
  if (judged.length === 0)
    return `nothing judged: no object of a kind that has rules, which are ${ruled.join(', ')}; there are only ${kinds}`;
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
  return ruled.includes(kind);
}

function counted(objects: number): string {
  return objects === 1 ? '1 object' : `${objects} objects`;
}

/** What an object's own schema refuses, and a kind that only looks like one that has rules. */
function objectFaults(object: KubernetesObject): Fault[] {
  const { kind, apiVersion, fields } = object;
  const place = `${object.place} ${kind}/${nameOf(fields)}`;
  const meant = ruled.find((name) => name !== kind && name.toLowerCase() === kind.toLowerCase());
  if (meant !== undefined)
    return [{ place, message: `Kubernetes knows no kind "${kind}"`, fix: `did you mean "${meant}"?` }];
  const model = models.find((each) => each.kind === kind);
  if (model === undefined) return [];
  if (apiVersion !== model.apiVersion)
    return [{ place, message: `is of another API, ${apiVersion}`, fix: `write apiVersion: ${model.apiVersion}` }];
  try {
    Object.assign(new model(), fields).validate();
    return [];
  } catch (error) {
    // The schema's messages call the object "data".
    const message = (error instanceof Error ? error.message : String(error)).replaceAll(/(^|, )data[/ ]/g, '$1');
    return [{ place, message, fix: `write what the schema of ${kind} asks for` }];
  }
}

function nameOf(object: object): string {
  const { metadata }: { metadata?: unknown } = object;
  const { name }: { name?: unknown } = typeof metadata === 'object' && metadata !== null ? metadata : {};
  return typeof name === 'string' ? name : '(without a name)';
}

function sortedByKind(objects: readonly KubernetesObject[]): Audited {
  const fields = objects.map((object) => object.fields);
  return {
    rollouts: fields.filter(Rollout.is),
    templates: [...fields.filter(AnalysisTemplate.is), ...fields.filter(ClusterAnalysisTemplate.is)],
    virtualServices: fields.filter(VirtualService.is),
    autoscalers: fields.filter(isAutoscaler),
  };
}

function isAutoscaler(object: { kind?: unknown }): object is Autoscaler {
  return scalers.some((kind) => kind === object.kind);
}
