import type { V1EndpointSlice, V1Service } from '@kubernetes/client-node';
import { type Fault, InputError } from '../core/input-error.ts';
import { PORT } from '../core/workload.ts';
import { checkFilter, type EnvoyFilter, insertedRoutes, patchRoute } from './xds-envoy-filter.ts';
import { endpointsOf, ingressListener, ROUTES_NAME, serviceCluster, serviceListener } from './xds-resources.ts';
import { type Message, routesOf, type VirtualService } from './xds-routes.ts';

/** The objects of one namespace that decide where requests go, and where the lab puts its listeners. */
export type Wanted = {
  virtualServices: readonly VirtualService[];
  envoyFilters: readonly EnvoyFilter[];
  services: readonly V1Service[];
  endpointSlices: readonly V1EndpointSlice[];
  /** Service name → the address of this machine that stands for its cluster address. */
  serviceAddresses: Readonly<Record<string, string>>;
  ingressAddress: string;
  /** Folder of the files that Envoy follows. */
  dir: string;
};

export type Resources = { listeners: Message[]; routes: Message[]; clusters: Message[]; endpoints: Message[] };

/** Envoy's resources for the wanted objects; throws one InputError with everything in them that it cannot translate. */
export function translate(wanted: Wanted): Resources {
  const faults: Fault[] = [];
  const services = wanted.services.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));
  const virtualServices = wanted.virtualServices.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));
  for (const filter of wanted.envoyFilters) checkFilter(filter, faults);
  const hosts = virtualServices.map((service) => virtualHost(service, virtualServices.length, wanted, faults));
  const resources = {
    listeners: [
      ingressListener(wanted.ingressAddress, wanted.dir),
      ...services.flatMap((each) => listenerOf(each, wanted)),
    ],
    routes: [{ name: ROUTES_NAME, virtual_hosts: hosts, validate_clusters: false }],
    clusters: services.map((service) => serviceCluster(nameOf(service), wanted.dir)),
    endpoints: services.map((service) => endpointsOf(service, portOf(service, faults), wanted.endpointSlices)),
  };
  if (faults.length > 0) throw new InputError(faults);
  return resources;
}

function virtualHost(service: VirtualService, count: number, wanted: Wanted, faults: Fault[]): Message {
  const hosts = service.spec?.hosts ?? [];
  return {
    name: nameOf(service),
    // Nothing depends on the Host header while one service is behind the ingress.
    domains: count === 1 ? ['*'] : hosts.flatMap((host) => [host, `${host}:*`]),
    routes: [
      ...insertedRoutes(hosts, wanted.envoyFilters),
      ...routesOf(service, faults).map((route) => patchRoute(route, hosts, wanted.envoyFilters)),
    ],
  };
}

function listenerOf(service: V1Service, { serviceAddresses }: Wanted): Message[] {
  const address = serviceAddresses[nameOf(service)];
  return address === undefined ? [] : [serviceListener(nameOf(service), address)];
}

/** The name of the one port of a Service that the lab serves. */
function portOf(service: V1Service, faults: Fault[]): string | undefined {
  const ports = service.spec?.ports ?? [];
  const port = ports.length === 1 ? ports[0] : ports.find((each) => each.port === PORT);
  if (port === undefined)
    faults.push({
      place: `Service ${service.metadata?.namespace}/${nameOf(service)} spec.ports`,
      message: `none of ${ports.map((each) => each.port).join(', ') || 'no ports'} is ${PORT}`,
      fix: `give it one port, or one that is ${PORT}`,
    });
  return port?.name;
}

function nameOf(object: { metadata?: { name?: string } }): string {
  return object.metadata?.name ?? '';
}
