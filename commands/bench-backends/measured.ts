import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BackendName } from '../../core/release.ts';

/** What one backend does in a process of its own. Its processor time and memory are those of that process and of what it starts. */
export type Measured = {
  /** From nothing to the network opened and asked once. */
  open_ms: number;
  /** Forecasts per second of processor time, in calls of so many stations. */
  forecasts_per_cpu_s: Record<number, number>;
  resident_mb: number;
};

/** What opening may take, and each of the measured sizes beside its seconds. */
const PATIENCE_MS = 60_000;
const SIZES = 3;

/** Measures a backend in a fresh process; null where it cannot be opened. */
export async function measured(backend: BackendName, seconds: number): Promise<Measured | null> {
  const program = fileURLToPath(new URL('backend-process.ts', import.meta.url));
  const limits = { timeout: PATIENCE_MS + SIZES * seconds * 1000, killSignal: 'SIGKILL' } as const;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, backend, String(seconds)], limits);
  process.stderr.write(stderr);
  return JSON.parse(stdout);
}
