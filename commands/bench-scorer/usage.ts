import { readFileSync } from 'node:fs';

/** Kernel clock ticks a second in /proc: fixed at 100 for every program on Linux. */
const TICKS_PER_S = 100;

/** A process's CPU time so far, and the most memory that it had resident. */
export function usageOf(pid: number): { cpu_s: number; peak_rss_mb: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpu_s: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S,
    peak_rss_mb: Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024,
  };
}
