import { setTimeout as delay } from 'node:timers/promises';
import type { V1Container } from '@kubernetes/client-node';
import { PodFault } from './pod-fault.ts';
import type { Launch } from './pod-launch.ts';
import { probeAll } from './pod-probe.ts';
import { type Exit, type Identity, PodProcess } from './pod-process.ts';

/** The kubelet waits 10 s and doubles to 5 min; a lab lives for a minute. */
const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 5_000;
/** As in the kubelet, a run of twice the longest wait clears the record. */
const STEADY_MS = 2 * MAX_BACKOFF_MS;

/** What outlives the agent of a container. */
export type ContainerRecord = {
  restarts: number;
  running?: Identity & { started_at: string };
  terminated?: Terminated;
};

export type Terminated = Exit & { started_at: string; finished_at: string };

export type ContainerState =
  | { kind: 'waiting'; reason: string; message?: string }
  | { kind: 'running'; started_at: string }
  | { kind: 'terminated'; terminated: Terminated };

export type ContainerContext = {
  container: V1Container;
  address: string;
  /** Marks the processes of one run of the container. */
  mark: (run: number) => string;
  log: string;
  launch: () => Promise<Launch>;
  restartPolicy: string;
  grace_ms: number;
  record: ContainerRecord;
  /** Was ready when an earlier agent last saw it. */
  wasReady: boolean;
  /** The record must be on disk when this returns. */
  save: () => void;
  changed: () => void;
};

/** One container of a pod: started, probed, and started again as its pod's restartPolicy says. */
export class PodContainer {
  readonly name: string;
  readonly image: string;
  isReady = false;
  isStarted = false;
  state: ContainerState = { kind: 'waiting', reason: 'ContainerCreating' };
  readonly #context: ContainerContext;
  readonly #stopping = new AbortController();
  #process: PodProcess | undefined;
  #life: Promise<void> | undefined;
  #backoff_ms = FIRST_BACKOFF_MS;

  constructor(context: ContainerContext) {
    this.name = context.container.name;
    this.image = context.container.image ?? '';
    this.#context = context;
  }

  get restarts(): number {
    return this.#context.record.restarts;
  }

  get lastTerminated(): Terminated | undefined {
    return this.state.kind === 'terminated' ? undefined : this.#context.record.terminated;
  }

  /** Whether it has ended for good, and how. */
  get ended(): Exit | undefined {
    return this.state.kind === 'terminated' ? this.state.terminated : undefined;
  }

  start(): void {
    this.#life ??= this.#live();
  }

  /** Resolves when its process has ended. */
  async stop(grace_ms: number): Promise<void> {
    this.#stopping.abort();
    const { running, restarts } = this.#context.record;
    // One that was never started by this agent may still run from an earlier one.
    const process = this.#process ?? (running && PodProcess.adopt(running, this.#context.mark(restarts)));
    await process?.stop(grace_ms);
    await this.#life;
  }

  async #live(): Promise<void> {
    const { record } = this.#context;
    if (record.running === undefined && record.terminated !== undefined && !this.#mayRestart(record.terminated))
      return this.#become({ kind: 'terminated', terminated: record.terminated });
    while (!this.#stopping.signal.aborted) {
      const process = this.#adopt() ?? (await this.#tryStart());
      if (process !== undefined) {
        const terminated = await this.#runToEnd(process);
        if (this.#stopping.signal.aborted) return;
        if (!this.#mayRestart(terminated)) return this.#become({ kind: 'terminated', terminated });
        const message = `back-off ${this.#backoff_ms} ms restarting failed container ${this.name}`;
        this.#become({ kind: 'waiting', reason: 'CrashLoopBackOff', message });
      }
      await delay(this.#backoff_ms, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      this.#backoff_ms = Math.min(this.#backoff_ms * 2, MAX_BACKOFF_MS);
    }
  }

  /** Also when the process ended while no agent looked: then it is a run that has ended, not a new one. */
  #adopt(): PodProcess | undefined {
    const { record, mark, wasReady } = this.#context;
    const { running } = record;
    if (running === undefined || this.#process !== undefined) return undefined;
    const process = PodProcess.adopt(running, mark(record.restarts));
    if (process === undefined) {
      this.#recordEnd(
        { code: 137, reason: 'ContainerStatusUnknown', message: 'it ended while no agent looked' },
        running.started_at,
      );
      record.restarts += 1;
      return undefined;
    }
    this.isReady = wasReady;
    return process;
  }

  async #tryStart(): Promise<PodProcess | undefined> {
    const { record, launch, mark, log, save } = this.#context;
    try {
      const process = await PodProcess.start(await launch(), mark(record.restarts), log);
      record.running = { ...process.identity, started_at: new Date().toISOString() };
      save();
      return process;
    } catch (error) {
      const reason = error instanceof PodFault ? error.reason : 'RunContainerError';
      this.#become({ kind: 'waiting', reason, message: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  }

  async #runToEnd(process: PodProcess): Promise<Terminated> {
    const { record, container, address, grace_ms } = this.#context;
    const started_at = record.running?.started_at ?? new Date().toISOString();
    this.#process = process;
    this.#become({ kind: 'running', started_at });
    const over = new AbortController();
    if (this.#stopping.signal.aborted) void process.stop(grace_ms);
    const probes = probeAll({
      container,
      address,
      wasReady: this.isReady,
      signal: over.signal,
      onReady: (isReady) => this.#report(() => (this.isReady = isReady)),
      onStarted: () => this.#report(() => (this.isStarted = true)),
      onUnhealthy: (why) => {
        console.error(`container ${this.name} at ${address}: ${why}; it is restarted`);
        void process.stop(grace_ms);
      },
    });
    const exit = await process.exited;
    over.abort();
    await probes;
    if (Date.now() - Date.parse(started_at) > STEADY_MS) this.#backoff_ms = FIRST_BACKOFF_MS;
    const terminated = this.#recordEnd(exit, started_at);
    if (this.#mayRestart(exit)) record.restarts += 1;
    return terminated;
  }

  #recordEnd(exit: Exit, started_at: string): Terminated {
    const { record, save } = this.#context;
    record.terminated = { ...exit, started_at, finished_at: new Date().toISOString() };
    delete record.running;
    this.isReady = false;
    this.isStarted = false;
    save();
    return record.terminated;
  }

  #mayRestart({ code }: Exit): boolean {
    const { restartPolicy } = this.#context;
    return restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && code !== 0);
  }

  #become(state: ContainerState): void {
    this.#report(() => (this.state = state));
  }

  #report(change: () => void): void {
    change();
    this.#context.changed();
  }
}
