import { AnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/AnalysisTemplate';
import { ClusterAnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/ClusterAnalysisTemplate';
import { Rollout } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/Rollout';
import { VirtualService } from '@kubernetes-models/istio/networking.istio.io/v1/VirtualService';
import type { Audited } from '../../core/compile/audit/audit.ts';
import type { Autoscaler } from '../../core/compile/audit/together-rules.ts';

/** Kinds whose schema is known here; every other has none that could refuse it. */
const models = [AnalysisTemplate, ClusterAnalysisTemplate, Rollout, VirtualService];
const scalers = ['HorizontalPodAutoscaler', 'ScaledObject'];

/** Kinds that the audit has rules for. */
export const ruledKinds = [...models.map(({ kind }) => kind), ...scalers];

/** What is wrong with an object by the schema of its kind, which the API server would refuse it for; undefined where nothing is. */
export function schemaFault(object: {
  kind: string;
  apiVersion: string;
}): { message: string; fix: string } | undefined {
  const { kind, apiVersion } = object;
  const model = models.find((each) => each.kind === kind);
  if (model === undefined) return undefined;
  if (apiVersion !== model.apiVersion)
    return { message: `is of another API, ${apiVersion}`, fix: `write apiVersion: ${model.apiVersion}` };
  try {
    Object.assign(new model(), object).validate();
    return undefined;
  } catch (error) {
    // The schema's messages call the object "data".
    const message = (error instanceof Error ? error.message : String(error)).replaceAll(/(^|, )data[/ ]/g, '$1');
    return { message, fix: `write what the schema of ${kind} asks for` };
  }
}

/** What there is to audit among objects of any kind. None of them may have a schemaFault. */
export function auditedAmong(objects: readonly { kind: string; apiVersion: string }[]): Audited {
  return {
    rollouts: objects.filter(Rollout.is),
    templates: [...objects.filter(AnalysisTemplate.is), ...objects.filter(ClusterAnalysisTemplate.is)],
    virtualServices: objects.filter(VirtualService.is),
    autoscalers: objects.filter(isAutoscaler),
  };
}

function isAutoscaler(object: { kind?: unknown }): object is Autoscaler {
  return scalers.some((kind) => kind === object.kind);
}
