import { chownSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { POOL_LABEL } from '../../core/compile/resources.ts';
import { InputError } from '../../core/input-error.ts';
import type { Plan } from '../../core/plan.ts';
import { containerNodeProcess, nodeAddress } from '../../lab/container-place.ts';
import { containerFault } from '../../lab/container-rights.ts';
import { type Site, stage } from '../../lab/control-plane.ts';
import type { ProcessDescription } from '../../lab/process.ts';
import { type LabImages, SERVER_IMAGE } from './images.ts';

/** Where the node writes, below the lab's folder. */
export const NODE_FOLDER = 'node';

/** Where the plan names no pool of its own. */
const POOL = 'containers';
/** A real node counts the machine's own cores, where the one of process pods claims 64: five pods and more must find room on two. */
const CPU = '100m';
/** Whom the compiler has pods run as. */
const USER = 10_001;

/** The plan for model servers that are containers: they alone are in the pool of the node that runs containers. Throws an InputError where that cannot be. */
export function planForContainers(plan: Plan, file: string): Plan {
  const { serving } = plan.resources;
  const fault = containerFault();
  const faults = fault === undefined ? [] : [{ ...fault, place: '--pods container' }];
  if (serving.gpus > 0)
    faults.push({
      place: `${file} resources.serving.gpus`,
      message: `${serving.gpus} are asked for, and the lab's containers have none`,
      fix: 'take --pods process, whose nodes only claim to have some',
    });
  if (faults.length > 0) throw new InputError(faults);
  const pooled = { ...serving, cpu: CPU, node_pool: serving.node_pool ?? POOL };
  return { ...plan, resources: { ...plan.resources, serving: pooled } };
}

/** The node that runs the model servers; `addresses`: those of Services, which its containers call; `states`: the folder that they write. */
export function containerNode(
  site: Site,
  plan: Plan,
  { archives, tools }: NonNullable<LabImages['containers']>,
  { addresses, states }: { addresses: readonly string[]; states: string },
): ProcessDescription {
  // The kubelet would make it root's, and the pods are not root.
  mkdirSync(states, { recursive: true, mode: 0o700 });
  chownSync(states, USER, USER);
  const pool = plan.resources.serving.node_pool ?? POOL;
  const place = {
    name: 'container-0',
    labels: { [POOL_LABEL]: pool },
    taints: [{ key: POOL_LABEL, value: pool, effect: 'NoSchedule' as const }],
    tools,
    dir: path.join(site.dir, NODE_FOLDER),
    images: archives.map((archive) => ({ name: SERVER_IMAGE, archive })),
    addresses: [nodeAddress(site.slot), ...addresses],
  };
  return containerNodeProcess(site, place, [stage.roles, stage.access]);
}
