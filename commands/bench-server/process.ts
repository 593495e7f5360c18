import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { codeOf } from '../../core/error-code.ts';
import { dyingWithUs } from '../bootstrap/dying-with-us.mjs';
import { endTree } from '../process-tree.ts';
import { type Usage, usageOf } from '../process-usage.ts';

/** A server in processes of its own, on a core of its own. */
export type Server = {
  url: string;
  /** Of all its processes and threads. */
  usage: () => Usage;
  stop: () => Promise<void>;
};

/** The first core serves, the second one asks. */
export const [SERVER_CORE, CLIENT_CORE] = ['0', '1'] as const;
/** What a server may take to listen and to be ready, and to be gone. */
const [STARTING_MS, STOPPING_MS] = [60_000, 10_000];
/** Between two looks at whether a server is ready. */
const LOOK_MS = 5;

/** Servers that are to end with this process. */
const running = new Set<number>();
process.once('exit', () => running.forEach(endTree));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/** Keeps this process, which asks, from the servers' core. */
export async function pinClient(): Promise<void> {
  await promisify(execFile)('taskset', ['-a', '-c', '-p', CLIENT_CORE, String(process.pid)]);
}

type Started = { core?: string; env?: Record<string, string>; cwd?: string };

/** Starts `file`, relative to here, with Node. The first address that it prints is its own. */
export async function startServer(file: string, args: readonly string[] = [], how: Started = {}): Promise<Server> {
  const { child, server } = startTree(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args], how);
  try {
    return { ...server, url: await addressFrom(child, file) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Starts a program that is told where to listen, and does not say when it does. */
export function startAt(url: string, command: string, args: readonly string[], how: Started): Server {
  const { child, server } = startTree(command, args, how);
  child.stdout?.resume();
  return { ...server, url };
}

/** Starts a program; whatever it starts ends with it. */
function startTree(command: string, args: readonly string[], { core = SERVER_CORE, env, cwd }: Started) {
  // setpriv and taskset become the program that they start.
  const [program, given] = dyingWithUs('SIGKILL', 'taskset', ['-c', core, command, ...args]);
  const child = spawn(program, given, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
    cwd,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} cannot be started; it comes with util-linux`);
  running.add(pid);
  const exited = once(child, 'exit');
  const stop = async () => {
    endTree(pid);
    await Promise.race([
      exited,
      delay(STOPPING_MS, undefined, { ref: false }).then(() => {
        throw new Error(`process ${pid} (${command}) is still there ${STOPPING_MS} ms after its end`);
      }),
    ]);
    running.delete(pid);
  };
  return { child, server: { usage: () => usageOf(pid), stop } };
}

/** The first address in what it prints, be it a line of its own or in a log. */
async function addressFrom({ stdout }: ChildProcess, file: string): Promise<string> {
  if (stdout === null) throw new TypeError(`${file} has no output`);
  let output = '';
  const until = AbortSignal.timeout(STARTING_MS);
  const heed = (chunk: Buffer) => {
    output += chunk;
  };
  stdout.on('data', heed);
  const ended = once(stdout, 'end', { signal: until }).then(() => {
    throw new Error(`${file} ended without listening: ${output}`);
  });
  ended.catch(() => {});
  for (;;) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+(?=\D)/.exec(output) ?? [];
    if (url !== undefined) {
      stdout.off('data', heed).resume();
      return url;
    }
    await Promise.race([once(stdout, 'data', { signal: until }), ended]);
  }
}

/** Waits until a model server says that it is ready. */
export async function ready({ url }: Pick<Server, 'url'>): Promise<void> {
  await answered((signal) => fetch(`${url}/readyz`, { signal }), url);
}

/** Waits until what is asked is answered with 200, while nobody listens or the answer is another. */
export async function answered(ask: (signal: AbortSignal) => Promise<Response>, name: string): Promise<void> {
  // One that is reading a long log answers late: a look may take as long as all of them.
  const until = AbortSignal.timeout(STARTING_MS);
  let last = 'nothing';
  while (!until.aborted) {
    try {
      const { status } = await ask(until);
      if (status === 200) return;
      last = String(status);
    } catch (error) {
      const { cause } = error instanceof Error ? error : {};
      if (!until.aborted && codeOf(cause) !== 'ECONNREFUSED') throw error;
    }
    await delay(LOOK_MS);
  }
  throw new Error(`${name} is not ready after ${STARTING_MS} ms; it answered ${last}`);
}
