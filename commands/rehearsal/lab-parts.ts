import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { POOL_LABEL } from '../../core/compile/resources.ts';
import { routes, serviceNames } from '../../core/compile/routing.ts';
import type { Plan } from '../../core/plan.ts';
import { PORT, scoringNames } from '../../core/workload.ts';
import { type Site, stage } from '../../lab/control-plane.ts';
import { envoyProcess, prepareEnvoy } from '../../lab/envoy.ts';
import { defaultNodes, type NodeDescription } from '../../lab/node-agent-nodes.ts';
import { nodeAgentProcess } from '../../lab/node-agent-place.ts';
import type { Part } from '../../lab/process.ts';
import { providerProcess } from '../../lab/provider-place.ts';
import { translatorProcess } from '../../lab/xds-place.ts';

import { containerNode } from './container-pods.ts';
import type { LabImages } from './images.ts';
import { officialPlugins } from './kubernetes-plugin.ts';
import type { Pods } from './options.ts';

export const NAMESPACE = 'forecast';

/** Services that listen in the lab, in the order of their addresses. */
const services = (plan: Plan) => {
  const { stable, canary } = serviceNames(plan);
  return { stable, canary, scorer: scoringNames.scorer, recompute: scoringNames.recomputer };
};

/** Base URL at which the lab's Envoy stands in for a Service's cluster address. */
export function serviceUrls(plan: Plan, slot: number, pods: Pods) {
  const names = Object.keys(services(plan)) as (keyof ReturnType<typeof services>)[];
  const url = (name: (typeof names)[number]) => `http://${serviceAddress(slot, pods, names.indexOf(name))}:${PORT}`;
  return { stable: url('stable'), canary: url('canary'), scorer: url('scorer'), recompute: url('recompute') };
}

/** Containers reach this machine on the bridge of their node, not on its loopback. */
function serviceAddress(slot: number, pods: Pods, index: number): string {
  return `${pods === 'container' ? 10 : 127}.${slot}.1.${index + 1}`;
}

export const envoyDir = ({ dir }: Pick<Site, 'dir'>) => path.join(dir, 'envoy');

/** The pool that the plan's pods ask for, large enough for both versions of each and one more that comes before one goes. */
export function poolNodes({ replicas, resources }: Pick<Plan, 'replicas' | 'resources'>): NodeDescription[] {
  const { node_pool, gpus } = resources.serving;
  if (node_pool === null && gpus === 0) return [];
  const capacity = { cpu: '64', memory: '128Gi', pods: '110', 'nvidia.com/gpu': String(gpus * (2 * replicas + 2)) };
  if (node_pool === null) return [{ name: 'gpu-1', capacity }];
  const taints = [{ key: POOL_LABEL, value: node_pool, effect: 'NoSchedule' as const }];
  return [{ name: 'pool-0', labels: { [POOL_LABEL]: node_pool }, taints, capacity }];
}

/** Folder of what models learn. */
export const statesDir = ({ dir }: Pick<Site, 'dir'>) => path.join(dir, 'states');

/** What runs beside the control plane: the node agent, the node of containers if there is one, Envoy and what writes its files. */
export function labParts(site: Site, plan: Plan, { contents, containers }: LabImages): Part[] {
  const { bin, dir, slot, credentials } = site;
  const imagesFile = path.join(dir, 'images.json');
  writeFileSync(imagesFile, JSON.stringify(contents));
  const nodesFile = path.join(dir, 'nodes.json');
  writeFileSync(nodesFile, JSON.stringify([...defaultNodes, ...(containers === null ? poolNodes(plan) : [])]));
  const envoy = { slot, bin, dir: envoyDir(site) };
  prepareEnvoy(envoy);
  const addresses = path.join(dir, 'service-addresses.json');
  const pods = containers === null ? 'process' : 'container';
  const listening = Object.values(services(plan)).map((name, i) => [name, serviceAddress(slot, pods, i)] as const);
  writeFileSync(addresses, JSON.stringify(Object.fromEntries(listening)));
  const bridged = { addresses: listening.map(([, address]) => address), states: statesDir(site) };
  const nodes = containers === null ? [] : [containerNode(site, plan, containers, bridged)];
  const { stable, canary } = serviceNames(plan);
  return [
    envoyProcess(envoy, []),
    translatorProcess(
      {
        kubeconfig: credentials.kubeconfig('translator'),
        namespace: NAMESPACE,
        slot,
        dir: envoy.dir,
        addresses,
        stable,
        canary,
        route: routes.primary,
      },
      // Envoy is told of addresses on the node's bridge once there is one.
      [stage.roles, stage.access, stage.crds, ...nodes.map(({ name }) => name)],
    ),
    ...nodes,
    ...(officialPlugins() === null
      ? [providerProcess(credentials.kubeconfig('pulumi'), [stage.roles, stage.access])]
      : []),
    nodeAgentProcess(
      {
        ...{ kubeconfig: credentials.kubeconfig('node-agent'), slot, dir: path.join(dir, 'pods') },
        ...{ images: imagesFile, nodes: nodesFile },
      },
      [stage.roles, stage.access],
    ),
  ];
}
