import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RoutesInForce } from './envoy-admin.ts';

/** A line of weights.jsonl: from `at` on Envoy sent these shares of the primary route, in percent. */
export type AppliedWeight = { at: string; primary: { stable: number; canary: number }; mirror: boolean };

/** Which Services are the two sides, and the name of the VirtualService's route that Argo weighs. */
export type Sides = { stable: string; canary: string; route: string };

export function weightsFile(dir: string): string {
  return join(dir, 'weights.jsonl');
}

/** What Envoy does with a request now; undefined while it has no primary route. */
export function weightsOf({ routes, since }: RoutesInForce, sides: Sides): AppliedWeight | undefined {
  // The shape is that of envoy.config.route.v3.RouteConfiguration.
  const { virtual_hosts = [] } = routes as { virtual_hosts?: { routes?: DumpedRoute[] }[] };
  const all = virtual_hosts.flatMap((host) => host.routes ?? []);
  const primary = all.find(({ name }) => name === sides.route)?.route;
  if (primary === undefined) return undefined;
  const clusters = primary.weighted_clusters?.clusters ?? [{ name: primary.cluster ?? '', weight: 100 }];
  const total = clusters.reduce((sum, { weight = 0 }) => sum + weight, 0);
  const share = (name: string) =>
    (100 * clusters.filter((each) => each.name === name).reduce((sum, { weight = 0 }) => sum + weight, 0)) /
    (total || 1);
  return {
    at: since,
    primary: { stable: share(sides.stable), canary: share(sides.canary) },
    mirror: all.some(({ route }) => (route?.request_mirror_policies?.length ?? 0) > 0),
  };
}

type DumpedRoute = {
  name?: string;
  route?: {
    cluster?: string;
    weighted_clusters?: { clusters?: { name: string; weight?: number }[] };
    request_mirror_policies?: unknown[];
  };
};

/** Appends each change of the weights to `<dir>/weights.jsonl`. */
export class WeightsLog {
  readonly #file: string;
  #last = '';

  constructor(dir: string) {
    this.#file = weightsFile(dir);
  }

  add(weight: AppliedWeight): void {
    const state = JSON.stringify([weight.primary, weight.mirror]);
    if (state === this.#last) return;
    this.#last = state;
    appendFileSync(this.#file, `${JSON.stringify(weight)}\n`);
  }
}
