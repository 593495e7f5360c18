import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** All that a container node leaves outside its own namespaces and the lab's folder, by name, for whoever clears the lab away. */
const CGROUPS = '/sys/fs/cgroup';
const INTERFACES = '/sys/class/net';
const RETRY_MS = 40;
/** Share of the processors by default, in the file of either version of cgroups. */
const USUAL_SHARE = { 'cpu.shares': 1024, 'cpu.weight': 100 } as const;

/** Where a system's own programs are, also for a process that inherits no PATH. */
export const SYSTEM_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

/** The bridge of a lab's pods: at most 15 characters, as the kernel wants it. */
export const bridgeName = (id: string): string => `gr-${id}`;

/** The cgroup of a lab's pods, as the kubelet writes it. */
export const cgroupName = (id: string): string => `/gridramp-${id}`;

/** Where a lab's cgroup lies: once where there is one hierarchy, else once in each. */
function cgroupFolders(id: string): string[] {
  if (!existsSync(CGROUPS)) return [];
  if (existsSync(join(CGROUPS, 'cgroup.controllers'))) return [join(CGROUPS, cgroupName(id))];
  return readdirSync(CGROUPS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(CGROUPS, name, cgroupName(id)));
}

/**
 * The kubelet wants its root to be there. All of a lab's pods together would get the share of one process of this machine: they get that of eight,
 * so that pods that are containers are not slower than those that are processes.
 */
export function makeCgroups(id: string): void {
  for (const folder of cgroupFolders(id)) {
    mkdirSync(folder, { recursive: true });
    for (const [file, usual] of Object.entries(USUAL_SHARE))
      if (existsSync(join(folder, file))) writeFileSync(join(folder, file), String(8 * usual));
  }
}

/** What a lab has left outside its folder. */
export function leftovers(id: string): string[] {
  return [...cgroupFolders(id), join(INTERFACES, bridgeName(id))].filter(existsSync);
}

/** After the last process of the lab has ended; rejects when something does not go within `within_ms`. */
export async function removeLeftovers(id: string, within_ms: number): Promise<void> {
  const deadline_ms = performance.now() + within_ms;
  for (const folder of cgroupFolders(id).filter(existsSync))
    while (!removeCgroup(folder)) {
      if (performance.now() > deadline_ms) throw new Error(`lab ${id}: ${folder} is still in use and was left`);
      await delay(RETRY_MS);
    }
  const bridge = bridgeName(id);
  if (!existsSync(join(INTERFACES, bridge))) return;
  const { status, stderr } = spawnSync('ip', ['link', 'delete', bridge], {
    encoding: 'utf8',
    env: { PATH: SYSTEM_PATH },
  });
  if (status !== 0) throw new Error(`lab ${id}: its bridge ${bridge} could not be removed: ${stderr}`);
}

/** From the leaves up; false while a process that is just ending is still in one of them. */
function removeCgroup(folder: string): boolean {
  const inner = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  if (!inner.every(({ name }) => removeCgroup(join(folder, name)))) return false;
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EBUSY') return false;
    throw error;
  }
}
