import type { Fault } from '../core/input-error.ts';

/** A protobuf message of Envoy's API as JSON, in the API's own snake_case names. */
export type Message = Record<string, unknown>;

/** One http route of Envoy, under the name its VirtualService gave it. */
export type Route = Message & { name: string; match: Message; route: Message };

/** The part of Istio's VirtualService that is translated; anything else in it is a fault, never ignored. */
export type VirtualService = {
  metadata?: { name?: string; namespace?: string };
  spec?: { hosts?: string[]; gateways?: string[]; exportTo?: string[]; http?: HttpRoute[] };
};

export type HttpRoute = {
  name?: string;
  match?: { uri?: { prefix?: string; exact?: string }; headers?: Record<string, { regex?: string }> }[];
  route?: { destination: Destination; weight?: number }[];
  mirror?: Destination;
  mirrorPercentage?: { value?: number };
  timeout?: string;
};

type Destination = { host: string; port?: { number?: number } };

/** Fields that are read, at each place; those of a VirtualService that do not concern one proxy are let through. */
const known = {
  spec: ['hosts', 'gateways', 'exportTo', 'http'],
  http: ['name', 'match', 'route', 'mirror', 'mirrorPercentage', 'timeout'],
  match: ['uri', 'headers', 'name'],
  uri: ['prefix', 'exact'],
  header: ['regex'],
  route: ['destination', 'weight'],
  destination: ['host', 'port'],
} as const;

/** Istio's default is no timeout at all; the lab bounds every wait. */
export const ROUTE_TIMEOUT = '30s';

/** The routes of one VirtualService in their order: the first that matches wins, as in Istio. */
export function routesOf(service: VirtualService, faults: Fault[]): Route[] {
  const { name = '?', namespace = '?' } = service.metadata ?? {};
  const place = `VirtualService ${namespace}/${name}`;
  checkFields(service.spec, known.spec, `${place} spec`, faults);
  return (service.spec?.http ?? []).flatMap((http, index) => {
    const at = `${place} spec.http[${index}]`;
    checkFields(http, known.http, at, faults);
    const action = actionOf(http, namespace, at, faults);
    return matchesOf(http, at, faults).map((match) => ({
      name: http.name ?? `${name}-${index}`,
      match,
      route: action,
    }));
  });
}

function matchesOf(http: HttpRoute, at: string, faults: Fault[]): Message[] {
  if (http.match === undefined || http.match.length === 0) return [{ prefix: '/' }];
  return http.match.map((match, index) => {
    const place = `${at}.match[${index}]`;
    checkFields(match, known.match, place, faults);
    checkFields(match.uri, known.uri, `${place}.uri`, faults);
    const path = match.uri?.exact === undefined ? { prefix: match.uri?.prefix ?? '/' } : { path: match.uri.exact };
    const headers = Object.entries(match.headers ?? {}).map(([name, value]) => {
      checkFields(value, known.header, `${place}.headers.${name}`, faults);
      return { name, string_match: { safe_regex: { regex: value.regex } } };
    });
    return headers.length === 0 ? path : { ...path, headers };
  });
}

function actionOf(http: HttpRoute, namespace: string, at: string, faults: Fault[]): Message {
  const targets = (http.route ?? []).map(({ destination, weight, ...rest }, index) => {
    checkFields({ destination, weight, ...rest }, known.route, `${at}.route[${index}]`, faults);
    return { name: clusterOf(destination, namespace, `${at}.route[${index}].destination`, faults), weight };
  });
  const only = targets.length === 1 ? targets[0] : undefined;
  return {
    // Like Istio: one destination is a plain cluster, and of several those of weight 0 are left out.
    ...(only === undefined
      ? {
          weighted_clusters: {
            clusters: targets.flatMap(({ name, weight = 0 }) => (weight === 0 ? [] : [{ name, weight }])),
          },
        }
      : { cluster: only.name }),
    ...(http.mirror === undefined
      ? {}
      : { request_mirror_policies: [mirrorOf(http.mirror, http, namespace, at, faults)] }),
    timeout: http.timeout ?? ROUTE_TIMEOUT,
  };
}

function mirrorOf(mirror: Destination, http: HttpRoute, namespace: string, at: string, faults: Fault[]): Message {
  const percent = http.mirrorPercentage?.value ?? 100;
  return {
    cluster: clusterOf(mirror, namespace, `${at}.mirror`, faults),
    runtime_fraction: { default_value: { numerator: Math.round(percent * 10_000), denominator: 'MILLION' } },
    // Istio suppresses the suffix since 1.28, Envoy alone appends it by default.
    disable_shadow_host_suffix_append: true,
  };
}

/** A cluster is named like its Service. */
function clusterOf(destination: Destination, namespace: string, at: string, faults: Fault[]): string {
  checkFields(destination, known.destination, at, faults);
  const suffix = `.${namespace}.svc.cluster.local`;
  const name = destination.host.endsWith(suffix) ? destination.host.slice(0, -suffix.length) : destination.host;
  if (name.includes('.'))
    faults.push({
      place: `${at}.host`,
      message: `"${destination.host}" is not a Service of namespace ${namespace}`,
      fix: `write the Service's short name, or its name followed by ${suffix}`,
    });
  return name;
}

/** Every field must be one the translator reads: what it cannot do it must not pretend to have done. */
export function checkFields(
  value: object | undefined,
  fields: readonly string[],
  place: string,
  faults: Fault[],
): void {
  for (const field of Object.keys(value ?? {}))
    if (!fields.includes(field))
      faults.push({
        place: `${place}.${field}`,
        message: "the lab's translator does not know this field",
        fix: `leave it out, or teach it to lab/xds-*.ts; known here: ${fields.join(', ')}`,
      });
}
