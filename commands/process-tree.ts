import { readdirSync, readFileSync } from 'node:fs';
import { codeOf } from '../core/error-code.ts';

/** A process and all that it started, itself first; none where it is gone. Linux only. */
export function treeOf(pid: number): number[] {
  try {
    return [pid, ...childrenOf(pid).flatMap(treeOf)];
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** Each thread has its own. */
function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  );
}

/** Ends all of it at once: some put what they start into a session of its own, which outlives them. */
export function endTree(pid: number): void {
  for (const each of treeOf(pid)) endOne(each);
}

function endOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** Whether a process is no longer there to be looked at or ended. */
export function isGone(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ESRCH';
}
