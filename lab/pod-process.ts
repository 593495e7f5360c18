import { spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '../core/error-code.ts';
import { PodFault } from './pod-fault.ts';
import type { Launch } from './pod-launch.ts';

/** Environment variable that says which container a process, and whatever it starts, belongs to. */
export const POD_MARK = 'GRIDRAMP_POD';

/** Process ids are reused; with the time of its start one names a process for good. */
export type Identity = { pid: number; start_ticks: number };

export type Exit = { code: number; reason: 'Completed' | 'Error' | 'ContainerStatusUnknown'; message?: string };

const POLL_MS = 100;
const END_MS = 10_000;

/** A container's main process, in a process group of its own, that outlives the agent. */
export class PodProcess {
  readonly identity: Identity;
  readonly exited: Promise<Exit>;
  #isOver = false;

  private constructor(identity: Identity, exited: Promise<Exit>) {
    this.identity = identity;
    this.exited = exited.then((exit) => {
      this.#isOver = true;
      // What it started and left behind belongs to the container and ends with it.
      signalGroup(identity.pid, 'SIGKILL');
      return exit;
    });
  }

  /** Output goes straight to the log: a pipe through the agent would end with it. */
  static async start({ command, args, cwd, env }: Launch, mark: string, log: string): Promise<PodProcess> {
    const output = openSync(log, 'a', 0o600);
    try {
      const child = spawn(command, args, {
        cwd,
        env: { ...env, [POD_MARK]: mark },
        detached: true,
        stdio: ['ignore', output, output],
      });
      const exited = new Promise<Exit>((resolve) =>
        child.once('exit', (code, signal) => resolve(exitOf(code, signal))),
      );
      await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
      child.unref();
      const pid = child.pid ?? 0;
      return new PodProcess({ pid, start_ticks: statOf(pid)?.start_ticks ?? 0 }, exited);
    } catch (cause) {
      throw new PodFault('RunContainerError', `${command} in ${cwd} could not be started: ${String(cause)}`, { cause });
    } finally {
      closeSync(output);
    }
  }

  /** A process of an earlier agent, if it is still that process. */
  static adopt(identity: Identity, mark: string): PodProcess | undefined {
    if (!isAlive(identity) || markOf(identity.pid) !== mark) return undefined;
    return new PodProcess(identity, pollExit(identity));
  }

  /** SIGTERM, after the grace SIGKILL, for the whole group; resolves when it has ended. */
  async stop(grace_ms: number): Promise<void> {
    if (!this.#isOver) signalGroup(this.identity.pid, 'SIGTERM');
    const waiting = new AbortController();
    const grace = delay(grace_ms, 'late' as const, { signal: waiting.signal }).catch(() => undefined);
    const first = await Promise.race([this.exited, grace]);
    waiting.abort();
    if (first === 'late' && !this.#isOver) signalGroup(this.identity.pid, 'SIGKILL');
    await this.exited;
  }
}

function exitOf(code: number | null, signal: NodeJS.Signals | null): Exit {
  if (signal !== null) return { code: 128 + (signals[signal] ?? 0), reason: 'Error', message: `ended by ${signal}` };
  return { code: code ?? 1, reason: code === 0 ? 'Completed' : 'Error' };
}

const signals: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};

/** Only a parent is told of an exit, so that of an adopted process is noticed by looking, and its code stays unknown. */
async function pollExit(identity: Identity): Promise<Exit> {
  while (isAlive(identity)) await delay(POLL_MS, undefined, { ref: false });
  return { code: 137, reason: 'ContainerStatusUnknown', message: 'it ended while another agent was its parent' };
}

function isAlive({ pid, start_ticks }: Identity): boolean {
  const stat = statOf(pid);
  return stat !== undefined && stat.start_ticks === start_ticks && stat.state !== 'Z' && stat.state !== 'X';
}

function statOf(pid: number): { state: string; start_ticks: number } | undefined {
  const stat = readProc(pid, 'stat');
  // The second field is the program's name in brackets, which may hold anything; the rest follows the last bracket.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields && { state: fields[0] ?? '', start_ticks: Number(fields[19]) };
}

function markOf(pid: number): string | undefined {
  const entry = readProc(pid, 'environ')
    ?.split('\0')
    .find((each) => each.startsWith(`${POD_MARK}=`));
  return entry?.slice(POD_MARK.length + 1);
}

/** Undefined when the process is gone, or another user's. */
function readProc(pid: number, file: 'stat' | 'environ'): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}

/** Ends every process whose mark begins with `prefix`, save those with a mark in `spared`; resolves when none is left. */
export async function endMarked(prefix: string, spared: ReadonlySet<string> = new Set()): Promise<void> {
  const deadline_ms = performance.now() + END_MS;
  const isWanted = (mark: string | undefined) => mark?.startsWith(prefix) === true && !spared.has(mark);
  for (;;) {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const left = pids.map(Number).filter((pid) => isWanted(markOf(pid)));
    if (left.length === 0) return;
    if (performance.now() > deadline_ms) throw new Error(`processes ${left.join(', ')} of ${prefix} do not end`);
    for (const pid of left) signal(pid, 'SIGKILL');
    await delay(POLL_MS / 4);
  }
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  signal(-pid, name);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It ended between the look and the signal.
    if (codeOf(error) !== 'ESRCH') throw error;
  }
}
