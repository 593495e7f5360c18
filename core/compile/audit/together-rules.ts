import type { IAnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/AnalysisTemplate';
import type { IRollout } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/Rollout';
import type { IVirtualService } from '@kubernetes-models/istio/networking.istio.io/v1/VirtualService';
import type { Rule } from './rule.ts';

/** An AnalysisTemplate, of a namespace or of the cluster. */
export type Template = Pick<IAnalysisTemplate, 'metadata' | 'spec'> & { kind: string };

/** An autoscaler of Kubernetes, or of KEDA. */
export type Autoscaler = { kind: string; spec?: { scaleTargetRef?: { kind?: string; name?: string } } };

/** A Rollout with the other objects that it was found with. */
export type RolloutAmong = {
  rollout: IRollout;
  templates: readonly Template[];
  virtualServices: readonly IVirtualService[];
  autoscalers: readonly Autoscaler[];
};

/** Traps that show only where several objects are read together. */
export const togetherRules: readonly Rule<RolloutAmong>[] = [
  {
    rule: 'shadow-may-end-unseen',
    reason: 'the mirror route is gone for good once no canary pod is available, and nothing here would notice',
    fix: 'judge pair-coverage in the analysis that follows setMirrorRoute',
    caught: ({ rollout, templates }) => {
      const steps = stepsOf(rollout);
      const mirror = steps.findIndex(({ setMirrorRoute }) => setMirrorRoute?.match !== undefined);
      const judged = mirror === -1 ? undefined : steps.slice(mirror).find((step) => step.analysis !== undefined);
      const names = judged?.analysis?.templates?.map(({ templateName }) => templateName) ?? [];
      const found = templates.filter(({ metadata }) => names.includes(metadata?.name));
      const metrics = found.flatMap(({ spec }) => spec.metrics ?? []);
      return found.length > 0 && !metrics.some(({ name }) => name === 'pair-coverage');
    },
  },
  {
    rule: 'weight-in-git',
    reason: 'the controller writes the weights: others in git give stations to a version whose release has not begun',
    fix: 'write weight 100 for the stable and 0 for the canary; the steps of the Rollout raise it',
    caught: ({ rollout, virtualServices }) => {
      const { trafficRouting, canaryService } = rollout.spec.strategy?.canary ?? {};
      const { name, routes } = trafficRouting?.istio?.virtualService ?? {};
      const http = virtualServices.find(({ metadata }) => metadata?.name === name)?.spec?.http ?? [];
      const ours = http.filter((route) => routes === undefined || routes.includes(route.name ?? ''));
      const toCanary = ours.flatMap(({ route = [] }) =>
        route.filter(({ destination }) => destination?.host?.split('.')[0] === canaryService),
      );
      return toCanary.some(({ weight = 100 }) => weight > 0);
    },
  },
  {
    rule: 'replicas-owned-twice',
    reason: 'an autoscaler writes replicas, and every apply would write them back',
    fix: 'leave replicas out of the Rollout, or leave out the autoscaler',
    caught: ({ rollout: { spec, metadata }, autoscalers }) =>
      spec.replicas !== undefined &&
      autoscalers.some(
        ({ spec: scaler }) =>
          scaler?.scaleTargetRef?.kind === 'Rollout' && scaler.scaleTargetRef.name === metadata?.name,
      ),
  },
];

function stepsOf({ spec }: IRollout) {
  return spec.strategy?.canary?.steps ?? [];
}
