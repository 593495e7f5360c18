import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Site, stage } from './control-plane.ts';
import { type EnvoyPlace, envoyProcess, prepareEnvoy } from './envoy.ts';
import type { NodeDescription } from './node-agent-nodes.ts';
import { nodeAgentProcess } from './node-agent-place.ts';
import type { ImageTable } from './pod-images.ts';
import type { Part } from './process.ts';
import { translatorProcess } from './xds-place.ts';
import { type Sides, weightsFile } from './xds-weights.ts';

export type DataPlane = Sides & {
  /** Namespace of the VirtualService and of the Services. */
  namespace: string;
  /** Names of the Services that get an address, in the order of `serviceAddress`. */
  services: readonly string[];
  images: ImageTable;
  /** One CPU and one GPU node if absent. */
  nodes?: readonly NodeDescription[];
};

const FILES = 'data-plane-files';

/** Address of the n-th Service of a lab, counted from 0; it listens on PORT. */
export function serviceAddress(slot: number, index: number): string {
  return `127.${slot}.1.${index + 1}`;
}

/** Where the translator logs the weights that Envoy confirmed. */
export function weightsLogOf(site: Site): string {
  return weightsFile(envoyPlace(site).dir);
}

/** Where the agent keeps pods' logs: `<namespace>_<pod>_<container>.log`. */
export function podLogsOf(site: Site): string {
  return join(agentDir(site), 'logs');
}

/** Node agent, Envoy and translator as parts of a lab. */
export function describeDataPlane(site: Site, plane: DataPlane): Part[] {
  const { slot, credentials } = site;
  const { namespace, stable, canary, route } = plane;
  const place = envoyPlace(site);
  const files = filesOf(site, plane);
  const addresses = join(place.dir, 'service-addresses.json');
  const sides = { stable, canary, route };
  return [
    { name: FILES, links: [], run: () => writeFiles(site, plane, addresses) },
    envoyProcess(place, [FILES]),
    translatorProcess(
      { kubeconfig: credentials.kubeconfig('translator'), namespace, slot, dir: place.dir, addresses, ...sides },
      [FILES, 'envoy', stage.access, stage.crds],
    ),
    nodeAgentProcess({ kubeconfig: credentials.kubeconfig('node-agent'), slot, dir: agentDir(site), ...files }, [
      FILES,
      stage.access,
    ]),
  ];
}

function filesOf(site: Site, { nodes }: DataPlane): { images: string; nodes?: string } {
  const file = (name: string) => join(agentDir(site), name);
  return { images: file('images.json'), ...(nodes === undefined ? {} : { nodes: file('nodes.json') }) };
}

async function writeFiles(site: Site, plane: DataPlane, addresses: string): Promise<void> {
  prepareEnvoy(envoyPlace(site));
  await mkdir(agentDir(site), { recursive: true, mode: 0o700 });
  const byName = plane.services.map((name, index) => [name, serviceAddress(site.slot, index)]);
  await writeFile(addresses, JSON.stringify(Object.fromEntries(byName)));
  const { images, nodes } = filesOf(site, plane);
  await writeFile(images, JSON.stringify(plane.images));
  if (nodes !== undefined) await writeFile(nodes, JSON.stringify(plane.nodes));
}

function envoyPlace({ slot, dir, bin }: Site): EnvoyPlace {
  return { slot, dir: join(dir, 'envoy'), bin };
}

function agentDir({ dir }: Site): string {
  return join(dir, 'node-agent');
}
