import { readFileSync } from 'node:fs';
import { isGone, treeOf } from './process-tree.ts';

/** Kernel clock ticks a second in /proc: fixed at 100 for every program on Linux. */
const TICKS_PER_S = 100;

export type Usage = { cpu_s: number; rss_mb: number; peak_rss_mb: number };

/**
 * What a process and all that it started use: CPU time so far, memory that is resident now, and the sum of the most that each had. Linux only; throws where
 * the process itself is gone.
 */
export function usageOf(pid: number): Usage {
  const [, ...others] = treeOf(pid);
  return others.reduce((sum, other) => plus(sum, orNothing(other)), ownUsage(pid));
}

function ownUsage(pid: number): Usage {
  // The name, in parentheses, may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  return {
    cpu_s: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S,
    rss_mb: mb('VmRSS'),
    peak_rss_mb: mb('VmHWM'),
  };
}

/** A child may end while it is looked at. */
function orNothing(pid: number): Usage {
  try {
    return ownUsage(pid);
  } catch (error) {
    if (isGone(error)) return { cpu_s: 0, rss_mb: 0, peak_rss_mb: 0 };
    throw error;
  }
}

function plus(a: Usage, b: Usage): Usage {
  return { cpu_s: a.cpu_s + b.cpu_s, rss_mb: a.rss_mb + b.rss_mb, peak_rss_mb: a.peak_rss_mb + b.peak_rss_mb };
}
