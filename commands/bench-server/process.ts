import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { usageOf } from '../bench-scorer/usage.ts';

/** A server in a process and on a core of its own. */
export type Server = {
  url: string;
  /** So far, all threads together. */
  cpu_s: () => number;
  peak_rss_mb: () => number;
  stop: () => Promise<void>;
};

/** The first core serves, the second one asks. */
const [SERVER_CORE, CLIENT_CORE] = ['0', '1'];
const STARTING_MS = 60_000;

/** Keeps this process, which asks, from the servers' core. */
export async function pinClient(): Promise<void> {
  await promisify(execFile)('taskset', ['-a', '-c', '-p', CLIENT_CORE, String(process.pid)]);
}

/** Starts `file`, relative to here, with Node on the servers' core. Its first line is its address. */
export async function startServer(file: string, args: readonly string[] = []): Promise<Server> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn('taskset', ['-c', SERVER_CORE, process.execPath, path, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // taskset becomes the program that it starts.
  const { pid } = child;
  if (pid === undefined) throw new Error('taskset cannot be started; it comes with util-linux');
  const [line] = await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${file} ended with ${code} before it listened`))),
  ]);
  return {
    url: String(line).trim(),
    cpu_s: () => usageOf(pid).cpu_s,
    peak_rss_mb: () => usageOf(pid).peak_rss_mb,
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Waits until a model server says that it is ready. */
export async function ready({ url }: Pick<Server, 'url'>): Promise<void> {
  const until_ms = performance.now() + STARTING_MS;
  while (performance.now() < until_ms) {
    const { status } = await fetch(`${url}/readyz`);
    if (status === 200) return;
    await delay(5);
  }
  throw new Error(`${url} is not ready after ${STARTING_MS} ms`);
}
