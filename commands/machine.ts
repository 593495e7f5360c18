import os from 'node:os';

/** The machine in words, as a measurement states it. */
export function machineName(): string {
  const memory_gib = Math.round(os.totalmem() / 2 ** 30);
  return `${os.cpus()[0]?.model.trim() ?? 'unknown processor'}, ${os.cpus().length} cores, ${memory_gib} GiB`;
}
