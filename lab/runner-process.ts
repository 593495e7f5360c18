import { closeSync, openSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { $, type ProcessPromise } from 'zx/core';
import { codeOf } from '../core/error-code.ts';
import { defaultRestart, type LabEvent, type ProcessDescription } from './process.ts';
import { lastLines, sizeOf } from './process-log.ts';
import { probe } from './process-probe.ts';

/** Longest a process may take to be ready; a lab that takes longer is broken. */
const READY_MS = 60_000;
/** Nothing signals readiness, so it is asked for; each look costs one request. */
const POLL_MS = 25;
const RESTART_DELAY_MS = 100;
const GRACE_MS = 1000;

export type Surroundings = {
  /** Working directory of every process. */
  dir: string;
  /** The log's file. */
  log: string;
  /** All that a process inherits; its own `env` comes on top. */
  env: Readonly<Record<string, string>>;
  emit: (event: Omit<LabEvent, 'at_ms'>) => void;
  /** The process cannot be kept running: the lab is lost. */
  fail: (error: Error) => void;
};

/** One process kept running: started, watched, started again when it dies, stopped. */
export class RunningProcess {
  readonly description: ProcessDescription;
  readonly #around: Surroundings;
  readonly #stopped = new AbortController();
  #child: ProcessPromise | undefined;
  #life: Promise<void> = Promise.resolve();

  constructor(description: ProcessDescription, around: Surroundings) {
    this.description = description;
    this.#around = around;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    this.#life = this.#live().catch((cause: unknown) =>
      this.#around.fail(new Error(`${this.description.name} could not be run`, { cause })),
    );
  }

  /** SIGTERM, a short grace, then SIGKILL for the whole process group. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#signal('SIGTERM');
    const grace = new AbortController();
    await Promise.race([
      this.#life,
      delay(this.description.grace_ms ?? GRACE_MS, undefined, { signal: grace.signal }).catch(() => undefined),
    ]);
    grace.abort();
    this.#signal('SIGKILL');
    await this.#life;
  }

  /** Leaves it running: its end is no longer this process's business. */
  abandon(): void {
    this.#stopped.abort();
    this.#child?.child?.unref();
  }

  async #live(): Promise<void> {
    const { name, restart = defaultRestart } = this.description;
    const deaths_at_ms: number[] = [];
    for (let first = true; !this.#stopped.signal.aborted; first = false) {
      const exit = await this.#once(first ? 'started' : 'restarted');
      this.#around.emit({ kind: 'exited', name, detail: exit });
      if (this.#stopped.signal.aborted) return;
      deaths_at_ms.push(performance.now());
      const recent = deaths_at_ms.filter((at_ms) => at_ms > performance.now() - restart.within_ms).length;
      if (recent > restart.times) return this.#around.fail(this.#lost(`${timesOf(recent)} (last: ${exit})`));
      await delay(RESTART_DELAY_MS * (recent - 1), undefined, { signal: this.#stopped.signal }).catch(() => undefined);
    }
  }

  /** From one start to its exit, which it describes. */
  async #once(kind: 'started' | 'restarted'): Promise<string> {
    const { name } = this.description;
    const from = sizeOf(this.#around.log);
    const child = this.#spawn();
    this.#child = child;
    this.#around.emit({ kind, name, ...(child.pid === undefined ? {} : { pid: child.pid }) });
    const gone = new AbortController();
    const ready = this.#announceReady(from, AbortSignal.any([gone.signal, this.#stopped.signal]));
    const { exitCode, signal } = await child;
    gone.abort();
    this.#child = undefined;
    await ready;
    return signal === null ? `exit code ${exitCode}` : `signal ${signal}`;
  }

  #spawn(): ProcessPromise {
    const { command, args, env } = this.description;
    const log = openSync(this.#around.log, 'a', 0o600);
    try {
      // Detached: a Ctrl-C in the terminal reaches the runner alone, which stops its processes in order.
      // The log is the process's own output, not a pipe through the runner: a lab that is kept outlives it.
      return $({
        cwd: this.#around.dir,
        env: { ...this.#around.env, ...env },
        detached: true,
        nothrow: true,
        quiet: true,
        prefix: 'exec ',
        stdio: ['ignore', log, log],
      })`${command} ${args}`;
    } finally {
      closeSync(log);
    }
  }

  async #announceReady(from: number, signal: AbortSignal): Promise<void> {
    const { name, ready } = this.description;
    const deadline_ms = performance.now() + READY_MS;
    while (!signal.aborted) {
      const missing = await probe(ready, { file: this.#around.log, from });
      if (signal.aborted) return;
      if (missing === undefined) return this.#around.emit({ kind: 'ready', name });
      if (performance.now() > deadline_ms) {
        this.#around.fail(this.#lost(`was not ready within ${READY_MS / 1000} s (${missing})`));
        return;
      }
      await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  #lost(what: string): Error {
    const { name } = this.description;
    return new Error(`${name} ${what}. The end of its log:\n${lastLines(this.#around.log, 20)}`);
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // It ended between the look and the signal.
      if (codeOf(error) !== 'ESRCH') throw error;
    }
  }
}

function timesOf(count: number): string {
  return count === 1 ? 'exited' : `exited ${count} times in a row`;
}
