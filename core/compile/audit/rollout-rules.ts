import type { IRolloutSpec } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/RolloutSpec';
import { canonicalQuantity } from '../../quantity.ts';
import type { Rule } from './rule.ts';

/** What a Rollout can be misread in, beside its steps. */
export const rolloutRules: readonly Rule<IRolloutSpec>[] = [
  {
    rule: 'background-analysis',
    reason: 'a background analysis that ends before its first measurement is a success, and no phase waits for it',
    fix: 'judge in the steps, one analysis after each weight; in the background only look on, from a startingStep behind the first of them',
    caught: (spec) => {
      const { analysis } = canaryOf(spec) ?? {};
      const before = stepsOf(spec).slice(0, analysis?.startingStep ?? 0);
      return analysis !== undefined && !before.some((step) => step.analysis !== undefined);
    },
  },
  {
    rule: 'evidence-discarded',
    reason: 'the controller keeps five good runs and five bad ones: of a release with more phases the first are lost',
    fix: 'write analysis.successfulRunHistoryLimit and unsuccessfulRunHistoryLimit of at least the analyses in the steps',
    caught: ({ analysis, ...spec }) => {
      const runs = stepsOf(spec).filter((step) => step.analysis !== undefined).length;
      const kept = [analysis?.successfulRunHistoryLimit ?? 5, analysis?.unsuccessfulRunHistoryLimit ?? 5];
      return Math.min(...kept) < runs;
    },
  },
  {
    rule: 'rollback-window',
    reason: 'a version within the rollback window is released without its analyses',
    fix: 'leave rollbackWindow out',
    caught: ({ rollbackWindow }) => rollbackWindow !== undefined,
  },
  {
    rule: 'dynamic-stable-scale',
    reason: 'the stable is scaled down as the canary grows, so that an abort must wait for its pods',
    fix: 'leave dynamicStableScale out',
    caught: (spec) => canaryOf(spec)?.dynamicStableScale === true,
  },
  {
    rule: 'canary-outlives-abort',
    reason: 'abortScaleDownDelaySeconds: 0 means never: the rejected pods would stay',
    fix: 'write the seconds that they may outlive an abort, like 300',
    caught: (spec) => canaryOf(spec)?.abortScaleDownDelaySeconds === 0,
  },
  {
    rule: 'no-progress-abort',
    reason: 'pods that never become ready hold the release for ever, since it is not aborted by default',
    fix: 'write progressDeadlineAbort: true',
    caught: ({ progressDeadlineAbort }) => progressDeadlineAbort !== true,
  },
  {
    rule: 'route-not-managed',
    reason: 'a mirror or header route needs Istio, and to be listed: the controller refuses or ignores it else',
    fix: 'list its name under trafficRouting.managedRoutes, beside trafficRouting.istio',
    caught: (spec) => {
      const { istio, managedRoutes = [] } = canaryOf(spec)?.trafficRouting ?? {};
      const isManaged = (route: { name?: string }) =>
        istio !== undefined && managedRoutes.some(({ name }) => name === route.name);
      return stepsOf(spec).some(({ setMirrorRoute, setHeaderRoute }) =>
        [setMirrorRoute, setHeaderRoute].some((route) => route !== undefined && !isManaged(route)),
      );
    },
  },
  {
    rule: 'more-than-one-canary',
    reason: 'one Rollout is one stable and one canary: a third version would be judged and routed as neither',
    fix: 'name a stableService and a canaryService, use no experiment; make arms feature flags of one release',
    caught: (spec) => {
      const canary = canaryOf(spec);
      const named = canary?.stableService !== undefined && canary.canaryService !== undefined;
      return !named || stepsOf(spec).some(({ experiment }) => experiment !== undefined);
    },
  },
  {
    rule: 'template-elsewhere',
    reason: 'the controller scales what workloadRef names, which Pulumi or a GitOps controller would scale back',
    fix: 'write the pod template into the Rollout',
    caught: ({ workloadRef }) => workloadRef !== undefined,
  },
  {
    rule: 'quantity-not-canonical',
    reason: 'the API server rewrites the quantity, and whoever applies it fights with the controller over containers',
    fix: 'write it as the API server does: 1 instead of 1000m, 1Gi instead of 1024Mi',
    caught: (spec) => quantitiesOf(spec).some((quantity) => canonicalQuantity(String(quantity)) !== String(quantity)),
  },
  {
    rule: 'config-by-hash',
    reason: 'a ConfigMap or Secret named by its hash is deleted with the next release, while stable pods still need it',
    fix: 'bake it into the image, or keep its name',
    caught: ({ template }) =>
      /"(?:name|secretName)":"[^"]*-(?:[bcdfghkmt2456789]{10}|[0-9a-f]{7,64})"/.test(
        JSON.stringify([
          template?.spec?.volumes,
          template?.spec?.containers?.map(({ env, envFrom }) => [env, envFrom]),
        ]),
      ),
  },
];

function canaryOf({ strategy }: Pick<IRolloutSpec, 'strategy'>) {
  return strategy?.canary;
}

function stepsOf(spec: Pick<IRolloutSpec, 'strategy'>) {
  return canaryOf(spec)?.steps ?? [];
}

function quantitiesOf({ template }: IRolloutSpec): unknown[] {
  const containers = [...(template?.spec?.initContainers ?? []), ...(template?.spec?.containers ?? [])];
  return containers.flatMap(({ resources = {} }) =>
    [resources.requests, resources.limits].flatMap((all) => Object.values(all ?? {})),
  );
}
