import type { IVirtualService } from '@kubernetes-models/istio/networking.istio.io/v1';
import type { IEnvoyFilter } from '@kubernetes-models/istio/networking.istio.io/v1alpha3';
import type { Plan } from '../plan.ts';
import { STATION_HEADER } from '../record.ts';
import { PORT } from '../workload.ts';
import { appLabels, type Metadata, metadataOf } from './metadata.ts';
import { anyOf } from './stations.ts';
import type { Target } from './target.ts';

/**
 * Routes of the VirtualService: ours, whose weights Argo moves, and those that Argo adds: the shadow's, with the same weights, and the one of
 * the stations that are pinned to the candidate.
 */
export const routes = { primary: 'primary', shadow: 'shadow', pinned: 'pinned' } as const;

export type Service = {
  apiVersion: 'v1';
  kind: 'Service';
  metadata: Metadata;
  spec: { ports: ServicePort[]; selector?: Record<string, string> };
};
type ServicePort = { name: string; port: number; targetPort: number; protocol: 'TCP' };

export function serviceNames({ service }: Plan) {
  return { root: service, stable: `${service}-stable`, canary: `${service}-canary` };
}

/**
 * The two versions' Services, to whose selectors Argo adds the pod-template hash, and the one that callers name.
 * That one selects no pods on purpose: a caller outside the mesh is refused instead of reaching the candidate past every weight.
 */
export function services(plan: Plan, target: Target): Service[] {
  const names = serviceNames(plan);
  const of = (name: string, selector?: Record<string, string>) => serviceOf(metadataOf(plan, target, name), selector);
  return [of(names.root), of(names.stable, appLabels(plan)), of(names.canary, appLabels(plan))];
}

export function serviceOf(metadata: Metadata, selector?: Record<string, string>): Service {
  const ports: ServicePort[] = [{ name: 'http', port: PORT, targetPort: PORT, protocol: 'TCP' }];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { ports, ...(selector === undefined ? {} : { selector }) },
  };
}

export function virtualService(plan: Plan, target: Target): IVirtualService {
  const names = serviceNames(plan);
  const to = (name: string, weight: number) => ({
    destination: { host: hostOf(name, target), port: { number: PORT } },
    weight,
  });
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: metadataOf(plan, target, plan.service),
    spec: {
      hosts: [hostOf(names.root, target)],
      http: [{ name: routes.primary, route: [to(names.stable, 100), to(names.canary, 0)] }],
    },
  };
}

/**
 * Istio cannot say that a route's weights are taken by a hash of the station, so one EnvoyFilter does, for callers of this namespace:
 * a station keeps its version while the weight stands, and 10 % of the stations stay within 25 %. Needs Istio 1.29 (Envoy 1.37) or newer.
 */
export function envoyFilter(plan: Plan, target: Target): IEnvoyFilter {
  const sticky = (route: string) => ({
    applyTo: 'HTTP_ROUTE' as const,
    match: {
      context: 'ANY' as const,
      routeConfiguration: { vhost: { name: vhostOf(plan, target), route: { name: route } } },
    },
    patch: {
      operation: 'MERGE' as const,
      value: {
        route: {
          hash_policy: [{ header: { header_name: STATION_HEADER } }],
          weighted_clusters: { use_hash_policy: true },
        },
      },
    },
  });
  return {
    apiVersion: 'networking.istio.io/v1alpha3',
    kind: 'EnvoyFilter',
    metadata: metadataOf(plan, target, `${plan.service}-sticky`),
    spec: { configPatches: [sticky(routes.shadow), sticky(routes.primary)] },
  };
}

/**
 * Before every other route, Argo's own too: stations that are kept out go to the stable Service alone, whatever the weights. An EnvoyFilter
 * and no route of the VirtualService, because that list is Argo's from the first release on: Pulumi cannot change one route of it.
 */
export function keptOutFilter(plan: Plan, target: Target): IEnvoyFilter[] {
  const { kept_out } = target.stations;
  if (kept_out.length === 0) return [];
  const cluster = `outbound|${PORT}||${hostOf(serviceNames(plan).stable, target)}`;
  const patch = {
    applyTo: 'HTTP_ROUTE' as const,
    match: { context: 'ANY' as const, routeConfiguration: { vhost: { name: vhostOf(plan, target) } } },
    patch: {
      operation: 'INSERT_FIRST' as const,
      value: {
        name: 'kept-out',
        match: {
          prefix: '/',
          headers: [{ name: STATION_HEADER, string_match: { safe_regex: { regex: anyOf(kept_out) } } }],
        },
        // Like Istio's own routes; Envoy's default would end a request after 15 s.
        route: { cluster, timeout: '0s' },
      },
    },
  };
  return [
    {
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      metadata: metadataOf(plan, target, `${plan.service}-kept-out`),
      spec: { configPatches: [patch] },
    },
  ];
}

/** Istio's name of the virtual host. */
function vhostOf({ service }: Plan, target: Target): string {
  return `${hostOf(service, target)}:${PORT}`;
}

/** Fully qualified: a short name means another Service in every namespace. */
export function hostOf(service: string, { namespace }: Pick<Target, 'namespace'>): string {
  return `${service}.${namespace}.svc.cluster.local`;
}
