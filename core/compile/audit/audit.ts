import type { IRollout } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/Rollout';
import type { IVirtualService } from '@kubernetes-models/istio/networking.istio.io/v1/VirtualService';
import type { Manifest } from '../compile.ts';
import { metricRules } from './metric-rules.ts';
import { rolloutRules } from './rollout-rules.ts';
import { type Trap, trapsAt } from './rule.ts';
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
export function auditedOf(manifests: readonly (Manifest | { kind: 'Deployment' | 'ConfigMap' })[]): Audited {
  return {
    rollouts: manifests.filter((manifest) => manifest.kind === 'Rollout'),
    templates: manifests.filter((manifest) => manifest.kind === 'AnalysisTemplate'),
    virtualServices: manifests.filter((manifest) => manifest.kind === 'VirtualService'),
    autoscalers: [],
  };
}

/** Every rule there is, each of which docs/controller-facts.md has a line for. */
export const rules = [...metricRules, ...templateRules, ...rolloutRules, ...stepRules, ...togetherRules];

/** All traps in objects that the compiler made, or that a person wrote or edited. */
export function trapsIn(objects: Audited): Trap[] {
  return [
    ...objects.templates.flatMap(templateTraps),
    ...objects.rollouts.flatMap((rollout) => [
      ...rolloutTraps(rollout),
      ...trapsAt(nameOf(rollout), togetherRules, { rollout, ...objects }),
    ]),
  ];
}

function templateTraps(template: Template): Trap[] {
  const place = nameOf(template);
  const metrics = template.spec.metrics ?? [];
  return [
    ...trapsAt(place, templateRules, template.spec),
    ...metrics.flatMap((metric) => trapsAt(`${place} metrics[${metric.name}]`, metricRules, metric)),
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
