import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PodRecord } from './pod-worker.ts';

/** What the next agent must know of this one's pods. */
export type AgentState = { next_address: number; pods: PodRecord[] };

const NONE: AgentState = { next_address: 0, pods: [] };

/** An unreadable state is none: processes that nobody has a record of are ended by their mark. */
export function readState(dir: string): AgentState {
  const file = join(dir, 'state.json');
  if (!existsSync(file)) return NONE;
  try {
    // Written by `writeState` alone, and moved into place whole.
    return JSON.parse(readFileSync(file, 'utf8')) as AgentState;
  } catch (error) {
    console.error(`${file} cannot be read, so no pod is adopted: ${String(error)}`);
    return NONE;
  }
}

export function writeState(dir: string, state: AgentState): void {
  const file = join(dir, 'state.json');
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
