import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CoreV1Api, V1Container, V1Pod } from '@kubernetes/client-node';
import { PodApi } from './pod-api.ts';
import { type ContainerRecord, PodContainer } from './pod-container.ts';
import { PodFault } from './pod-fault.ts';
import { pullImage } from './pod-images.ts';
import { type Launch, launchOf, unsupported } from './pod-launch.ts';
import { mountsOf } from './pod-mounts.ts';
import { endMarked } from './pod-process.ts';
import { type Condition, seconds, statusOf } from './pod-status.ts';
import { Reconciler } from './reconciler.ts';

/** What outlives the agent of a pod. */
export type PodRecord = {
  uid: string;
  namespace: string;
  name: string;
  address: string;
  started_at: string;
  containers: Record<string, ContainerRecord>;
};

export type PodSurroundings = {
  core: CoreV1Api;
  /** The agent's folder. */
  dir: string;
  /** File of the image table. */
  images: string;
  hostAddress: string;
  /** What every container inherits. */
  env: Readonly<Record<string, string>>;
  /** Writes all records to disk before it returns. */
  save: () => void;
};

const STATUS_RETRY_MS = 250;

/** Where the processes and volumes of a pod are; also the mark of its processes. */
export function podDir(dir: string, uid: string): string {
  return join(dir, 'pods', uid);
}

/** The mark of one run of a container: inherited by whatever the container starts. */
function markOf(dir: string, uid: string, container: string, run: number): string {
  return join(podDir(dir, uid), container, String(run));
}

/** Marks of the processes that a record knows to run. */
export function marksOf({ uid, containers }: PodRecord, dir: string): string[] {
  return Object.entries(containers).flatMap(([name, { running, restarts }]) =>
    running === undefined ? [] : [markOf(dir, uid, name, restarts)],
  );
}

/** One pod: its containers, its status in the API, and its end. */
export class PodWorker {
  readonly record: PodRecord;
  readonly #pod: V1Pod;
  readonly #around: PodSurroundings;
  readonly #api: PodApi;
  readonly #containers: readonly PodContainer[];
  readonly #report: Reconciler;
  #conditions: Condition[];
  #isEnding = false;
  #ended: Promise<void> | undefined;
  #vanished: Promise<void> | undefined;

  /** A pod of an earlier agent comes with that agent's record, and its processes are adopted. */
  constructor(pod: V1Pod, record: PodRecord, around: PodSurroundings) {
    this.record = record;
    this.#pod = pod;
    this.#around = around;
    this.#api = new PodApi(around.core, record);
    this.#report = new Reconciler(() => this.#patchStatus(), STATUS_RETRY_MS);
    this.#conditions = conditionsOf(pod);
    this.#containers = (pod.spec?.containers ?? []).map((container) => this.#contain(container));
  }

  start(): void {
    mkdirSync(join(this.#dir, 'tmp'), { recursive: true, mode: 0o700 });
    for (const container of this.#containers) container.start();
    this.#report.trigger();
  }

  /** The pod is to go: SIGTERM, its grace, SIGKILL, then it is deleted from the API. */
  async delete(grace_ms: number): Promise<void> {
    this.#isEnding = true;
    this.#ended ??= this.#end(grace_ms).then(() => this.#api.delete());
    await this.#ended;
  }

  /** The pod is no longer in the API, or the lab ends: its processes end now. */
  async vanish(grace_ms: number): Promise<void> {
    this.#isEnding = true;
    this.#vanished ??= this.#end(grace_ms);
    await this.#vanished;
  }

  get #dir(): string {
    return podDir(this.#around.dir, this.record.uid);
  }

  #contain(container: V1Container): PodContainer {
    const { dir, save } = this.#around;
    const { namespace, name, address, containers } = this.record;
    containers[container.name] ??= { restarts: 0 };
    const log = join(dir, 'logs', `${namespace}_${name}_${container.name}.log`);
    return new PodContainer({
      container,
      address,
      log,
      mark: (run) => markOf(dir, this.record.uid, container.name, run),
      launch: () => this.#launch(container),
      restartPolicy: this.#pod.spec?.restartPolicy ?? 'Always',
      grace_ms: (this.#pod.spec?.terminationGracePeriodSeconds ?? 30) * 1000,
      record: containers[container.name] ?? { restarts: 0 },
      wasReady: this.#pod.status?.containerStatuses?.find((each) => each.name === container.name)?.ready ?? false,
      save,
      changed: () => this.#report.trigger(),
    });
  }

  async #launch(container: V1Container): Promise<Launch> {
    const { images, hostAddress, env } = this.#around;
    const cannot = unsupported(this.#pod);
    if (cannot !== undefined)
      throw new PodFault('CreateContainerConfigError', `the lab's node agent does not support ${cannot}`);
    const image = pullImage(images, container.image ?? '');
    const mounts = mountsOf(this.#pod, container, this.#dir);
    const { address } = this.record;
    const launch = await launchOf({
      pod: this.#pod,
      container,
      image,
      mounts,
      address,
      hostAddress,
      read: this.#api.readData,
    });
    const own = { HOSTNAME: this.record.name, HOME: this.#dir, TMPDIR: join(this.#dir, 'tmp') };
    return { ...launch, env: { ...env, ...own, ...launch.env } };
  }

  async #patchStatus(): Promise<void> {
    if (this.#isEnding) return;
    const { address, started_at } = this.record;
    const { hostAddress } = this.#around;
    const facts = { containers: this.#containers, address, hostAddress, started_at };
    const status = statusOf(facts, this.#conditions, seconds(new Date().toISOString()));
    if (await this.#api.patchStatus(status)) this.#conditions = status.conditions;
  }

  async #end(grace_ms: number): Promise<void> {
    await delay(this.#preStop_ms(grace_ms));
    await Promise.all(this.#containers.map((container) => container.stop(grace_ms)));
    await endMarked(`${this.#dir}/`);
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #preStop_ms(grace_ms: number): number {
    const sleeps = (this.#pod.spec?.containers ?? []).map(({ lifecycle }) => lifecycle?.preStop?.sleep?.seconds ?? 0);
    return Math.min(Math.max(0, ...sleeps) * 1000, grace_ms);
  }
}

function conditionsOf({ status }: V1Pod): Condition[] {
  return (status?.conditions ?? []).map(({ type, status: value, lastTransitionTime }) => ({
    type,
    status: value === 'True' ? 'True' : 'False',
    lastTransitionTime: String(lastTransitionTime),
  }));
}
