import { join } from 'node:path';
import type { V1EndpointSlice, V1Service } from '@kubernetes/client-node';
import { PORT } from '../core/workload.ts';
import { listeningAddress } from './pod-address.ts';
import { type Message, ROUTE_TIMEOUT } from './xds-routes.ts';

/** Name of the ingress's route configuration, which has a file of its own. */
export const ROUTES_NAME = 'ingress';

/** The files that Envoy follows. One endpoint file per cluster: Envoy takes every resource in it for that cluster. */
export const xdsFiles = {
  listeners: (dir: string) => join(dir, 'listeners.json'),
  clusters: (dir: string) => join(dir, 'clusters.json'),
  routes: (dir: string) => join(dir, 'routes.json'),
  endpoints: (dir: string, cluster: string) => join(dir, 'endpoints', `${cluster}.json`),
};

/** Types of the resources, which Envoy wants named in each. */
export const resourceTypes = {
  listeners: 'type.googleapis.com/envoy.config.listener.v3.Listener',
  clusters: 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
  routes: 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration',
  endpoints: 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment',
};

const extensions = 'type.googleapis.com/envoy.extensions';

/** Below the 5 s after which Node's servers close an idle connection, so that none is used while it closes. */
const UPSTREAM_IDLE = '3s';

/** Enough for a replay's burst, small enough that a stuck server is felt as 503 and not as memory. */
const thresholds = { max_connections: 256, max_pending_requests: 512, max_requests: 1024, max_retries: 0 };

/** Where callers come in. Its routes come by a file of their own, so that a new weight needs no new listener. */
export function ingressListener(address: string, dir: string): Message {
  const rds = { route_config_name: ROUTES_NAME, config_source: fileSource(xdsFiles.routes(dir)) };
  return listener('ingress', address, { rds });
}

/** What kube-proxy does: a Service's address leads to its ready pods in turn. */
export function serviceListener(name: string, address: string): Message {
  const route = { match: { prefix: '/' }, route: { cluster: name, timeout: ROUTE_TIMEOUT } };
  const virtual_hosts = [{ name, domains: ['*'], routes: [route] }];
  return listener(`service-${name}`, address, { route_config: { name: `service-${name}`, virtual_hosts } });
}

function listener(name: string, address: string, routes: Message): Message {
  const router = {
    name: 'envoy.filters.http.router',
    typed_config: { '@type': `${extensions}.filters.http.router.v3.Router` },
  };
  const manager = {
    '@type': `${extensions}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: name,
    ...routes,
    http_filters: [router],
    generate_request_id: false,
    stream_idle_timeout: '60s',
    common_http_protocol_options: { idle_timeout: '60s' },
  };
  const filter = { name: 'envoy.filters.network.http_connection_manager', typed_config: manager };
  return { name, address: socketAddress(address, PORT), filter_chains: [{ filters: [filter] }] };
}

/** A Service as Envoy calls it; without a ready endpoint it answers 503 at once. */
export function serviceCluster(name: string, dir: string): Message {
  const options = {
    '@type': `${extensions}.upstreams.http.v3.HttpProtocolOptions`,
    explicit_http_config: { http_protocol_options: {} },
    common_http_protocol_options: { idle_timeout: UPSTREAM_IDLE },
  };
  return {
    name,
    type: 'EDS',
    eds_cluster_config: { eds_config: fileSource(xdsFiles.endpoints(dir, name)) },
    connect_timeout: '1s',
    lb_policy: 'ROUND_ROBIN',
    circuit_breakers: { thresholds: [thresholds] },
    typed_extension_protocol_options: { 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': options },
  };
}

/** The ready pods of a Service, where they listen. */
export function endpointsOf(service: V1Service, port: string | undefined, slices: readonly V1EndpointSlice[]): Message {
  const name = service.metadata?.name ?? '';
  const addresses = slices
    .filter(({ metadata }) => metadata?.labels?.['kubernetes.io/service-name'] === name)
    .flatMap((slice) => readyAddresses(slice, port));
  const lb_endpoints = [...new Set(addresses)].sort().map((each) => {
    const [address = '', number = ''] = each.split(':');
    return { endpoint: { address: socketAddress(address, Number(number)) } };
  });
  return { cluster_name: name, endpoints: lb_endpoints.length === 0 ? [] : [{ lb_endpoints }] };
}

function readyAddresses({ endpoints, ports }: V1EndpointSlice, name: string | undefined): string[] {
  const port = ports?.find((each) => (each.name ?? '') === (name ?? ''))?.port;
  if (port === undefined) return [];
  return (endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false)
    .flatMap(({ addresses }) => addresses.slice(0, 1).map((address) => `${listeningAddress(address)}:${port}`));
}

function socketAddress(address: string, port_value: number): Message {
  return { socket_address: { address, port_value } };
}

export function fileSource(path: string): Message {
  return { path_config_source: { path }, resource_api_version: 'V3' };
}
