import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { InputError } from '../core/input-error.ts';
import type { ProcessDescription } from './process.ts';

export type AgentPlace = {
  kubeconfig: string;
  slot: number;
  /** Folder for pods' volumes, logs and the agent's state. */
  dir: string;
  /** JSON file: image reference → {cwd, command, env?}. */
  images: string;
  /** JSON file with a list of NodeDescription; one CPU and one GPU node if absent. */
  nodes?: string;
};

/** What the agent's log says once it works. */
export const AGENT_READY = 'nodes are registered and pods are followed';
/** What pods get to end when their object is already gone, or the lab ends. */
export const LAST_GRACE_MS = 1_000;

/** The node agent as a process of the lab. Link it to the step that grants it access. */
export function nodeAgentProcess(place: AgentPlace, links: readonly string[]): ProcessDescription {
  return {
    name: 'node-agent',
    command: process.execPath,
    args: [
      fileURLToPath(new URL('node-agent.ts', import.meta.url)),
      ...Object.entries(place).map(([name, value]) => `--${name}=${value}`),
    ],
    links,
    ready: { kind: 'log', text: AGENT_READY },
    grace_ms: LAST_GRACE_MS + 2_000,
  };
}

/** The agent's command line. */
export function agentPlaceFrom(args: string[]): AgentPlace {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: { kubeconfig: text, slot: text, dir: text, images: text, nodes: text },
  });
  const { kubeconfig, dir, images, nodes } = values;
  const slot = Number(values.slot);
  if (kubeconfig === undefined || dir === undefined || images === undefined || !Number.isInteger(slot))
    throw new InputError([
      {
        place: 'node-agent',
        message: `${JSON.stringify(args)} lacks something`,
        fix: 'give --kubeconfig=FILE --slot=100..199 --dir=FOLDER --images=FILE, and --nodes=FILE for other nodes',
      },
    ]);
  return { kubeconfig, slot, dir: resolve(dir), images, ...(nodes === undefined ? {} : { nodes }) };
}
