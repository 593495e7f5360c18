import type { IMetric } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/Metric';
import type { IRollout } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/Rollout';
import type { IVirtualService } from '@kubernetes-models/istio/networking.istio.io/v1/VirtualService';
import type { Manifest } from '../compile.ts';
import { metricRules, phaseMetricRules, watchMetricRules } from './metric-rules.ts';
import { rolloutRules } from './rollout-rules.ts';
import { type Rule, type Trap, trapsAt } from './rule.ts';
import { stepRules } from './step-rules.ts';
import { templateRules } from './template-rules.ts';
import { type Autoscaler, type Template, togetherRules } from './together-rules.ts';

/** Objects by what can be a trap in them. Others have none: they need not be given. */
export type Audited = {
  rollouts: readonly IRollout[];
  templates: readonly Template[];
  virtualServices: readonly IVirtualService[];
  autoscalers: readonly Autoscaler[];
};

/** What there is to audit among objects of any kind, a compiled plan's or a whole stack's. */
export function auditedOf(
  manifests: readonly (Manifest | { kind: 'Deployment' | 'ConfigMap' | 'PodDisruptionBudget' | 'NetworkPolicy' })[],
): Audited {
  return {
    rollouts: manifests.filter((manifest) => manifest.kind === 'Rollout'),
    templates: manifests.filter((manifest) => manifest.kind === 'AnalysisTemplate'),
    virtualServices: manifests.filter((manifest) => manifest.kind === 'VirtualService'),
    autoscalers: [],
  };
}

/** Every rule there is, each of which docs/controller-facts.md has a line for. */
export const rules = [
  ...[...metricRules, ...phaseMetricRules, ...watchMetricRules, ...templateRules],
  ...[...rolloutRules, ...stepRules, ...togetherRules],
];

/** All traps in objects that the compiler made, or that a person wrote or edited. */
export function trapsIn(objects: Audited): Trap[] {
  const background = new Set(objects.rollouts.flatMap(backgroundNames));
  const templates = objects.templates.flatMap((template) => {
    const isWatch = background.has(template.metadata?.name);
    return templateTraps(template, [...metricRules, ...(isWatch ? watchMetricRules : phaseMetricRules)]);
  });
  return [
    ...templates,
    ...objects.rollouts.flatMap((rollout) => [
      ...rolloutTraps(rollout),
      ...trapsAt(nameOf(rollout), togetherRules, { rollout, ...objects }),
    ]),
  ];
}

/** Names of the templates that look on beside the steps. */
function backgroundNames({ spec }: IRollout): (string | undefined)[] {
  return spec.strategy?.canary?.analysis?.templates?.map(({ templateName }) => templateName) ?? [];
}

function templateTraps(template: Template, ofMetrics: readonly Rule<IMetric>[]): Trap[] {
  const place = nameOf(template);
  const metrics = template.spec.metrics ?? [];
  return [
    ...trapsAt(place, templateRules, template.spec),
    ...metrics.flatMap((metric) => trapsAt(`${place} metrics[${metric.name}]`, ofMetrics, metric)),
  ];
}

function rolloutTraps(rollout: IRollout): Trap[] {
  const place = nameOf(rollout);
  const { strategy, replicas = 1 } = rollout.spec;
  const steps = strategy?.canary?.steps ?? [];
  const inPlace = steps.map((step, index) => ({
    step,
    before: steps.slice(0, index),
    after: steps.slice(index + 1),
    replicas,
  }));
  return [
    ...trapsAt(place, rolloutRules, rollout.spec),
    ...inPlace.flatMap((step, index) => trapsAt(`${place} steps[${index}]`, stepRules, step)),
  ];
}

function nameOf({ kind, metadata }: IRollout | Template): string {
  return `${kind}/${metadata?.name}`;
}
