import type { Fault } from '../core/input-error.ts';
import { checkFields, type Message, type Route } from './xds-routes.ts';

/** The part of Istio's EnvoyFilter that is applied: merges into http routes, and routes before all others. */
export type EnvoyFilter = {
  metadata?: { name?: string; namespace?: string };
  spec?: { configPatches?: ConfigPatch[] };
};

type ConfigPatch = {
  applyTo?: string;
  match?: { context?: string; routeConfiguration?: RouteMatch };
  patch?: { operation?: string; value?: Message };
};

type RouteMatch = { name?: string; vhost?: { name?: string; route?: { name?: string } } };

/** Istio applies these contexts to a client's or a gateway's routes; SIDECAR_INBOUND is the server's side, which the lab does not have. */
const outward = ['ANY', 'GATEWAY', 'SIDECAR_OUTBOUND', undefined];

/** Fields of RouteAction that exclude each other (a protobuf oneof): merging one replaces the other. */
const clusterSpecifiers = ['cluster', 'cluster_header', 'weighted_clusters', 'cluster_specifier_plugin'];

/**
 * The route with every patch that matches it merged in, in order. The lab's one proxy stands for gateways and sidecars
 * of every namespace, so namespaces and workload selectors do not narrow it.
 */
export function patchRoute(route: Route, hosts: readonly string[], filters: readonly EnvoyFilter[]): Route {
  const values = filters
    .flatMap(({ spec }) => spec?.configPatches ?? [])
    .filter((patch) => patches(patch, route, hosts))
    .map(({ patch }) => snakeCase(patch?.value ?? {}));
  return { ...route, ...values.reduce<Message>(mergeMessage, route) };
}

/** Istio names a virtual host `host:port`; the lab's port differs from production's, so only the host decides. */
function patches({ applyTo, match, patch }: ConfigPatch, route: Route, hosts: readonly string[]): boolean {
  const wanted = match?.routeConfiguration?.vhost?.route?.name;
  return (
    applyTo === 'HTTP_ROUTE' &&
    patch?.operation === 'MERGE' &&
    (wanted === undefined || wanted === route.name) &&
    concerns(match, hosts)
  );
}

function concerns(match: ConfigPatch['match'], hosts: readonly string[]): boolean {
  const vhost = match?.routeConfiguration?.vhost?.name;
  return outward.includes(match?.context) && (vhost === undefined || hosts.includes(vhost.replace(/:\d+$/, '')));
}

/** Routes that stand before all others, the last that was inserted first. A cluster of the lab is named like its Service. */
export function insertedRoutes(hosts: readonly string[], filters: readonly EnvoyFilter[]): Message[] {
  return filters
    .flatMap(({ spec }) => spec?.configPatches ?? [])
    .filter(({ match, patch }) => patch?.operation === 'INSERT_FIRST' && concerns(match, hosts))
    .map(({ patch }) => mapCluster(snakeCase(patch?.value ?? {})))
    .reverse();
}

/** Istio's name of a Service's cluster is outbound|PORT|SUBSET|NAME.NAMESPACE.svc.cluster.local. */
function mapCluster(route: Message): Message {
  const action = isMessage(route.route) ? route.route : {};
  const [, name] = /^outbound\|\d+\|\|([^.|]+)\./.exec(String(action.cluster)) ?? [];
  return { ...route, route: { ...action, cluster: name ?? action.cluster } };
}

/** What an EnvoyFilter asks for beyond merges into http routes. */
export function checkFilter(filter: EnvoyFilter, faults: Fault[]): void {
  const { name = '?', namespace = '?' } = filter.metadata ?? {};
  for (const [index, { applyTo, match, patch }] of (filter.spec?.configPatches ?? []).entries()) {
    const place = `EnvoyFilter ${namespace}/${name} spec.configPatches[${index}]`;
    if (applyTo !== 'HTTP_ROUTE' || !(patch?.operation === 'MERGE' || patch?.operation === 'INSERT_FIRST'))
      faults.push({
        place,
        message: `the lab's translator does not apply ${patch?.operation} to ${applyTo}`,
        fix: 'use operation MERGE or INSERT_FIRST with applyTo HTTP_ROUTE, or teach it to lab/xds-envoy-filter.ts',
      });
    checkFields(match, ['context', 'routeConfiguration'], `${place}.match`, faults);
    checkFields(match?.routeConfiguration, ['vhost'], `${place}.match.routeConfiguration`, faults);
    checkFields(match?.routeConfiguration?.vhost, ['name', 'route'], `${place}.match.routeConfiguration.vhost`, faults);
  }
}

/** Merges as protobuf does, which is what Istio calls: messages merge, lists are appended to, scalars and oneofs replaced. */
function mergeMessage(base: Message, patch: Message): Message {
  const merged: Message = { ...base };
  const specifier = clusterSpecifiers.find((field) => field in patch);
  if (specifier !== undefined) for (const other of clusterSpecifiers) if (other !== specifier) delete merged[other];
  for (const [key, value] of Object.entries(patch)) {
    const before = merged[key];
    if (isMessage(before) && isMessage(value)) merged[key] = mergeMessage(before, value);
    else if (Array.isArray(before) && Array.isArray(value)) merged[key] = [...before, ...value];
    else merged[key] = value;
  }
  return merged;
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Protobuf's JSON knows a field by two names (hashPolicy, hash_policy); merging needs one. */
function snakeCase(message: Message): Message {
  return Object.fromEntries(
    Object.entries(message).map(([key, value]) => [
      /^[a-z][a-zA-Z0-9]*$/.test(key) ? key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : key,
      Array.isArray(value)
        ? value.map((each) => (isMessage(each) ? snakeCase(each) : each))
        : isMessage(value)
          ? snakeCase(value)
          : value,
    ]),
  );
}
