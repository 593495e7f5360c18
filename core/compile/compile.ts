import type { IAnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/AnalysisTemplate';
import type { IRollout } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/Rollout';
import type { IVirtualService } from '@kubernetes-models/istio/networking.istio.io/v1';
import type { IEnvoyFilter } from '@kubernetes-models/istio/networking.istio.io/v1alpha3';
import type { Gate } from '../gate.ts';
import type { Plan } from '../plan.ts';
import { type PrometheusRule, prometheusRule } from './alerts.ts';
import { analysisTemplates } from './analysis.ts';
import type { ConfigMap } from './config-map.ts';
import { OWNER_LABEL } from './metadata.ts';
import { notificationConfig } from './notify.ts';
import { retiredRecord } from './retired.ts';
import { type CronJob, retrainingJob } from './retraining.ts';
import { rollout } from './rollout.ts';
import { envoyFilter, keptOutFilter, type Service, services, virtualService } from './routing.ts';
import type { Target } from './target.ts';

export type Namespace = {
  apiVersion: 'v1';
  kind: 'Namespace';
  metadata: { name: string; labels: Record<string, string> };
};

/** Everything a plan compiles to. */
export type Manifests = {
  namespace: Namespace;
  services: Service[];
  virtualService: IVirtualService;
  envoyFilters: IEnvoyFilter[];
  configMaps: ConfigMap[];
  prometheusRule: PrometheusRule;
  analysisTemplates: IAnalysisTemplate[];
  cronJobs: CronJob[];
  rollout: IRollout;
};

export type Manifest =
  | Namespace
  | Service
  | IVirtualService
  | IEnvoyFilter
  | ConfigMap
  | PrometheusRule
  | IAnalysisTemplate
  | CronJob
  | IRollout;

/** Pure: equal arguments give equal objects, in equal order. */
export function compile(plan: Plan, gates: readonly Gate[], target: Target): Manifests {
  return {
    namespace: {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: target.namespace, labels: { [OWNER_LABEL]: plan.owner, 'istio-injection': 'enabled' } },
    },
    services: services(plan, target),
    virtualService: virtualService(plan, target),
    envoyFilters: [envoyFilter(plan, target), ...keptOutFilter(plan, target)],
    configMaps: [...notificationConfig(plan, target), ...retiredRecord(plan, gates, target)],
    prometheusRule: prometheusRule(plan, gates, target),
    analysisTemplates: analysisTemplates(plan, gates, target),
    cronJobs: retrainingJob(plan, target),
    rollout: rollout(plan, target),
  };
}

/** In the order of applying: the Rollout last, because it refuses to start without the others. */
export function manifestList(manifests: Manifests): Manifest[] {
  const { namespace, services, virtualService, envoyFilters, rollout } = manifests;
  const { configMaps, prometheusRule, analysisTemplates, cronJobs } = manifests;
  const judging = [...configMaps, prometheusRule, ...analysisTemplates];
  return [namespace, ...services, virtualService, ...envoyFilters, ...judging, ...cronJobs, rollout];
}
