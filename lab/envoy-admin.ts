import { setTimeout as delay } from 'node:timers/promises';
import { fetch } from 'undici';
import { codeOf } from '../core/error-code.ts';
import type { Message } from './xds-routes.ts';

const ANSWER_MS = 2_000;
const FIRST_POLL_MS = 5;
const MAX_POLL_MS = 100;

/** What Envoy has accepted: the name of each subscription's version statistic → version. */
export async function acceptedVersions(admin: string): Promise<Map<string, string>> {
  const text = await ask(`${admin}/stats?filter=version_text$`);
  const lines = text.matchAll(/^(.+)\.version_text: "(.*)"$/gm);
  return new Map([...lines].map(([, name = '', version = '']) => [name, version]));
}

/** The route configuration in force, as Envoy itself tells it, and since when. */
export async function routesInForce(admin: string, name: string): Promise<RoutesInForce | undefined> {
  const dump: unknown = JSON.parse(await ask(`${admin}/config_dump?resource=dynamic_route_configs`));
  // The shape is that of envoy.admin.v3.RoutesConfigDump.DynamicRouteConfig.
  const { configs = [] } = dump as {
    configs?: { route_config: Message; version_info: string; last_updated: string }[];
  };
  const found = configs.find(({ route_config }) => route_config.name === name);
  return found && { routes: found.route_config, version: found.version_info, since: found.last_updated };
}

export type RoutesInForce = { routes: Message; version: string; since: string };

/**
 * Waits until Envoy has accepted all of `wanted` (statistic → version). False when Envoy is not running (nobody listens at its
 * admin address): files written meanwhile are read when it starts. Throws when it runs but does not take them in time, which means
 * that it refused them, or does not answer.
 */
export async function accepted(
  admin: string,
  wanted: ReadonlyMap<string, string>,
  timeout_ms: number,
): Promise<boolean> {
  const deadline_ms = performance.now() + timeout_ms;
  for (let wait_ms = FIRST_POLL_MS; ; wait_ms = Math.min(wait_ms * 2, MAX_POLL_MS)) {
    const isLate = performance.now() > deadline_ms;
    try {
      const versions = await acceptedVersions(admin);
      const missing = [...wanted.keys()].filter((name) => versions.get(name) !== wanted.get(name));
      if (missing.length === 0) return true;
      if (isLate)
        throw new Error(`Envoy did not accept ${missing.join(', ')} within ${timeout_ms} ms: ${await refusals(admin)}`);
    } catch (error) {
      if (isNobodyThere(error)) return false;
      // A slow answer, or a connection that broke: Envoy may be busy or ending, and the next look tells.
      if (isLate) throw error;
    }
    await delay(wait_ms);
  }
}

/** Only a refused connection means that Envoy is not running. */
function isNobodyThere(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return codeOf(cause) === 'ECONNREFUSED';
}

/** Why Envoy refused resources: its own words. */
async function refusals(admin: string): Promise<string> {
  const dump: unknown = JSON.parse(await ask(`${admin}/config_dump`));
  const details: string[] = [];
  JSON.stringify(dump, (key, value: unknown) => {
    if (key === 'error_state' && typeof value === 'object' && value !== null && 'details' in value)
      details.push(String(value.details));
    return value;
  });
  return details.join('; ') || 'it did not say why; its log may';
}

async function ask(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) }).catch((error: Error) => {
    const cause = error.cause ?? error;
    throw new Error(`Envoy gave no answer at ${url}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return await response.text();
}
