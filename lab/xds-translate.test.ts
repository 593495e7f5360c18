import type { V1Endpoint, V1EndpointSlice, V1Service } from '@kubernetes/client-node';
import { expect, test } from 'vitest';
import { InputError } from '../core/input-error.ts';
import { PORT } from '../core/workload.ts';
import type { EnvoyFilter } from './xds-envoy-filter.ts';
import type { HttpRoute, VirtualService } from './xds-routes.ts';
import { translate, type Wanted } from './xds-translate.ts';

test('a release in mid-ramp with its shadow becomes exactly the committed resources', async () => {
  const resources = translate(midRamp());
  await expect(`${JSON.stringify(resources, null, 2)}\n`).toMatchFileSnapshot('golden/xds-mid-ramp.json');
});

test('nothing but the order of the objects changes: the resources stay the same', () => {
  const { services, endpointSlices, ...rest } = midRamp();
  const turned = { ...rest, services: services.toReversed(), endpointSlices: endpointSlices.toReversed() };
  expect(translate(turned)).toEqual(translate(midRamp()));
});

test('of several destinations those of weight 0 are left out, as Istio does, and a single one is a plain cluster', () => {
  const one = (route: NonNullable<HttpRoute['route']>) =>
    actionsOf({ virtualServices: [virtualService([{ name: 'primary', route }])], envoyFilters: [] })[0];
  expect(one([to('stable', 100), to('canary', 0)])).toMatchObject({
    weighted_clusters: { clusters: [{ name: 'stable', weight: 100 }] },
  });
  expect(one([to('stable')])).toMatchObject({ cluster: 'stable' });
});

test('only ready endpoints of the served port, once each, at their loopback twins', () => {
  const ready = (address: string, conditions = {}) => ({ addresses: [address], conditions });
  const endpointSlices = [
    slice('stable', [
      ready('10.150.16.2', { ready: true }),
      ready('10.150.16.1'),
      ready('10.150.16.3', { ready: false }),
    ]),
    slice('stable', [ready('10.150.16.1', { ready: true })]),
    { ...slice('stable', [ready('10.150.16.9')]), ports: [{ name: 'metrics', port: 9 }] },
    slice('other', [ready('10.150.16.8')]),
  ];
  const [endpoints] = translate({ ...midRamp(), services: [service('stable')], endpointSlices }).endpoints;
  const addresses = JSON.stringify(endpoints).match(/127\.[\d.]+/g);
  expect(addresses).toEqual(['127.150.16.1', '127.150.16.2']);
});

test('a Service without an address of the lab gets no listener, one without a pod an empty cluster', () => {
  const wanted = { ...midRamp(), services: [service('stable')], endpointSlices: [], serviceAddresses: {} };
  const { listeners, endpoints } = translate(wanted);
  expect(listeners.map(({ name }) => name)).toEqual(['ingress']);
  expect(endpoints).toEqual([{ cluster_name: 'stable', endpoints: [] }]);
});

test('everything that cannot be translated is named at once, with its place', () => {
  const http = [
    {
      name: 'primary',
      route: [{ ...to('stable', 50), headers: {} }, to('canary.other.svc.cluster.local', 50)],
      retries: { attempts: 2 },
    },
    { name: 'second', match: [{ headers: { a: { exact: 'b' } } }, { uri: { regex: '.*' } }], route: [to('stable')] },
  ];
  const ports = [{ port: 1 }, { port: 2 }];
  const filter = {
    ...sticky,
    spec: { configPatches: [{ applyTo: 'CLUSTER', patch: { operation: 'MERGE', value: {} } }] },
  };
  const services = [{ ...service('stable'), spec: { ports } }];
  const wanted = { ...midRamp(), virtualServices: [virtualService(unchecked(http))], services, envoyFilters: [filter] };
  expect(places(() => translate(wanted))).toEqual([
    'EnvoyFilter grid/sticky spec.configPatches[0]',
    'VirtualService grid/echo spec.http[0].retries',
    'VirtualService grid/echo spec.http[0].route[0].headers',
    'VirtualService grid/echo spec.http[0].route[1].destination.host',
    'VirtualService grid/echo spec.http[1].match[0].headers.a.exact',
    'VirtualService grid/echo spec.http[1].match[1].uri.regex',
    'Service grid/stable spec.ports',
  ]);
});

test('an EnvoyFilter merges as protobuf does, into the routes it names and no others', () => {
  const patched = actionsOf({ envoyFilters: [sticky] });
  expect(patched.map((action) => 'hash_policy' in action)).toEqual([true, false]);
  expect(patched[0]).toMatchObject({
    weighted_clusters: { use_hash_policy: true, clusters: [{ name: 'stable' }, { name: 'canary' }] },
  });
  const twice = actionsOf({ envoyFilters: [sticky, sticky] })[0];
  expect(twice?.hash_policy).toHaveLength(2);
});

test.each([
  ['another host', { routeConfiguration: { vhost: { name: 'other:8080', route: { name: 'primary' } } } }],
  ["the server's side", { context: 'SIDECAR_INBOUND', routeConfiguration: { vhost: { route: { name: 'primary' } } } }],
])('an EnvoyFilter for %s does not apply', (_what, match) => {
  const [patch] = sticky.spec?.configPatches ?? [];
  const filter = { ...sticky, spec: { configPatches: [{ ...patch, match }] } };
  expect(actionsOf({ envoyFilters: [filter] }).some((action) => 'hash_policy' in action)).toBe(false);
});

test('an EnvoyFilter’s own route stands before all others, at the lab’s cluster of its Service', () => {
  const route = { cluster: 'outbound|8780||stable.grid.svc.cluster.local', timeout: '0s' };
  const value = { name: 'kept-out', match: { prefix: '/', headers: [] }, route };
  const vhost = { name: 'echo.grid.svc.cluster.local:443' };
  const patch = {
    applyTo: 'HTTP_ROUTE',
    match: { routeConfiguration: { vhost } },
    patch: { operation: 'INSERT_FIRST', value },
  };
  const envoyFilters = [{ ...sticky, spec: { configPatches: [patch] } }];
  const [{ virtual_hosts: [host] = [] } = {}] = translate({ ...midRamp(), envoyFilters }).routes as Hosts;
  expect(host?.routes[0]).toEqual({ ...value, route: { cluster: 'stable', timeout: '0s' } });
  expect(host?.routes.map(({ name }) => name)).toEqual(['kept-out', 'primary', 'shadow']);
});

test('a header of a match is a regular expression of its whole value', () => {
  const pinned = { name: 'pinned', match: [{ headers: { 'x-station-id': { regex: 'a|b' } } }], route: [to('canary')] };
  const [{ virtual_hosts: [host] = [] } = {}] = translate({ ...midRamp(), virtualServices: [virtualService([pinned])] })
    .routes as Hosts;
  expect(host?.routes[0]?.match).toEqual({
    prefix: '/',
    headers: [{ name: 'x-station-id', string_match: { safe_regex: { regex: 'a|b' } } }],
  });
});

type Hosts = { virtual_hosts: { routes: { name: string; match: object }[] }[] }[];

test('merging into a route with a plain cluster replaces the cluster, which Envoy then refuses: nothing is made up', () => {
  const virtualServices = [virtualService([{ name: 'primary', route: [to('stable')] }])];
  const [action] = actionsOf({ virtualServices, envoyFilters: [sticky] });
  expect(action).not.toHaveProperty('cluster');
  expect(action?.weighted_clusters).toEqual({ use_hash_policy: true });
});

const sticky: EnvoyFilter = {
  metadata: { name: 'sticky', namespace: 'grid' },
  spec: {
    configPatches: [
      {
        applyTo: 'HTTP_ROUTE',
        match: {
          context: 'ANY',
          routeConfiguration: { vhost: { name: 'echo.grid.svc.cluster.local:443', route: { name: 'primary' } } },
        },
        patch: {
          operation: 'MERGE',
          value: {
            route: {
              hashPolicy: [{ header: { headerName: 'x-station-id' } }],
              weighted_clusters: { useHashPolicy: true },
            },
          },
        },
      },
    ],
  },
};

function to(host: string, weight?: number) {
  return { destination: { host, port: { number: PORT } }, ...(weight === undefined ? {} : { weight }) };
}

function virtualService(http: HttpRoute[]): VirtualService {
  return { metadata: { name: 'echo', namespace: 'grid' }, spec: { hosts: ['echo.grid.svc.cluster.local'], http } };
}

/** The API lets through what the translator's types do not know. */
function unchecked(http: object[]): HttpRoute[] {
  return http as HttpRoute[];
}

function service(name: string): V1Service {
  return { metadata: { name, namespace: 'grid' }, spec: { ports: [{ name: 'http', port: PORT, targetPort: PORT }] } };
}

function slice(of: string, endpoints: V1Endpoint[]): V1EndpointSlice {
  const metadata = { name: `${of}-1`, namespace: 'grid', labels: { 'kubernetes.io/service-name': of } };
  return { metadata, addressType: 'IPv4', endpoints, ports: [{ name: 'http', port: PORT }] };
}

/** As Argo Rollouts leaves it at 25 % with the shadow on: the managed route repeats the weights and comes second here. */
function midRamp(): Wanted {
  const weighted = [to('stable.grid.svc.cluster.local', 75), to('canary.grid.svc.cluster.local', 25)];
  const shadow = {
    name: 'shadow',
    match: [{ uri: { prefix: '/' } }],
    route: weighted,
    mirror: to('canary').destination,
    mirrorPercentage: { value: 50 },
  };
  return {
    virtualServices: [virtualService([{ name: 'primary', route: weighted }, shadow])],
    envoyFilters: [sticky],
    services: [service('stable'), service('canary')],
    endpointSlices: [
      slice('stable', [{ addresses: ['10.150.16.1'], conditions: { ready: true } }]),
      slice('canary', [{ addresses: ['10.150.16.2'], conditions: { ready: true } }]),
    ],
    serviceAddresses: { stable: '127.150.1.1', canary: '127.150.1.2' },
    ingressAddress: '127.150.0.1',
    dir: '/lab/envoy',
  };
}

/** The route actions of the ingress. */
function actionsOf(changes: Partial<Wanted>): Record<string, unknown>[] {
  const { routes } = translate({ ...midRamp(), ...changes });
  const [{ virtual_hosts }] = routes as [{ virtual_hosts: { routes: { route: Record<string, unknown> }[] }[] }];
  return virtual_hosts.flatMap((host) => host.routes.map(({ route }) => route));
}

function places(act: () => unknown): string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof InputError) return error.faults.map(({ place }) => place);
    throw error;
  }
  return [];
}
