import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { isProcess, type LabEvent, type Part, wavesOf } from './process.ts';
import { RunningProcess } from './runner-process.ts';

export type RunnerOptions = {
  parts: readonly Part[];
  /** Working directory of the processes; their logs go to `logs` in it. */
  dir: string;
  env: Readonly<Record<string, string>>;
  onEvent?: (event: LabEvent) => void;
};

/** Starts parts as soon as what they link to is ready, keeps them running, and stops them in reverse order. */
export class Runner {
  readonly parts: readonly Part[];
  readonly #options: RunnerOptions;
  readonly #events = new EventEmitter<{ event: [LabEvent] }>().setMaxListeners(0);
  readonly #processes: ReadonlyMap<string, RunningProcess>;
  readonly #ready = new Set<string>();
  readonly #begun = new Set<string>();
  readonly #steps = new AbortController();
  readonly #began_ms = performance.now();
  #failure: Error | undefined;

  constructor(options: RunnerOptions) {
    wavesOf(options.parts);
    this.#options = options;
    this.parts = options.parts;
    this.#processes = new Map(
      options.parts.filter(isProcess).map((description) => [
        description.name,
        new RunningProcess(description, {
          dir: options.dir,
          log: this.logOf(description.name),
          env: options.env,
          emit: (event) => this.#emit(event),
          fail: (error) => this.#fail(description.name, error),
        }),
      ]),
    );
  }

  /** Resolves when every part but the late ones is ready; rejects with the first failure, or when stopped meanwhile. */
  async start(): Promise<void> {
    const awaited = this.parts.filter((part) => isProcess(part) || part.late !== true);
    const all = Promise.all(awaited.map(({ name }) => this.ready(name)));
    this.#beginDue();
    await all;
  }

  /** Resolves when the part is ready, at once if it is. */
  async ready(name: string): Promise<void> {
    if (!this.#ready.has(name)) await this.next(name, 'ready');
  }

  /** The next such event of a part; rejects when the lab fails or is stopped first. */
  next(name: string, kind: LabEvent['kind']): Promise<LabEvent> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const look = (event: LabEvent): void => {
        const over = event.kind === 'failed' || event.kind === 'stopped';
        if (!over && !(event.name === name && event.kind === kind)) return;
        this.#events.off('event', look);
        if (over) reject(this.#failure);
        else resolve(event);
      };
      this.#events.on('event', look);
    });
  }

  pidOf(name: string): number | undefined {
    return this.#processes.get(name)?.pid;
  }

  logOf(name: string): string {
    return join(this.#options.dir, 'logs', `${name}.log`);
  }

  /** Later waves first, each with its grace, so that no part loses what it depends on while it ends. */
  async stop(): Promise<void> {
    this.#steps.abort();
    this.#failure ??= new Error('the lab was stopped');
    this.#emit({ kind: 'stopped', name: 'lab' });
    for (const wave of wavesOf(this.parts).reverse())
      await Promise.all(wave.map(({ name }) => this.#processes.get(name)?.stop()));
  }

  /** Leaves the processes running, without a runner, once the late parts are ready too. */
  async abandon(): Promise<void> {
    await Promise.all(this.parts.map(({ name }) => this.ready(name)));
    this.#steps.abort();
    for (const running of this.#processes.values()) running.abandon();
  }

  #beginDue(): void {
    if (this.#failure !== undefined) return;
    for (const part of this.parts) {
      if (this.#begun.has(part.name) || !part.links.every((link) => this.#ready.has(link))) continue;
      this.#begun.add(part.name);
      if (isProcess(part)) this.#processes.get(part.name)?.start();
      else void this.#runStep(part.name, part.run);
    }
  }

  async #runStep(name: string, run: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#emit({ kind: 'started', name });
    try {
      await run(this.#steps.signal);
      this.#emit({ kind: 'ready', name });
    } catch (cause) {
      if (this.#steps.signal.aborted) return;
      const detail = cause instanceof Error ? cause.message : String(cause);
      this.#fail(name, new Error(`step ${name} of the lab failed: ${detail}`, { cause }));
    }
  }

  #emit(event: Omit<LabEvent, 'at_ms'>): void {
    const stamped = { ...event, at_ms: performance.now() - this.#began_ms };
    if (event.kind === 'ready') this.#ready.add(event.name);
    if (event.kind === 'exited') this.#ready.delete(event.name);
    this.#options.onEvent?.(stamped);
    this.#events.emit('event', stamped);
    if (event.kind === 'ready') this.#beginDue();
  }

  /** Only the first failure counts: what fails after it fails because of it. */
  #fail(name: string, error: Error): void {
    if (this.#failure !== undefined) return;
    this.#failure = error;
    this.#emit({ kind: 'failed', name, detail: error.message });
  }
}
