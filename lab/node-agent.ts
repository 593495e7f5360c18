import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { CoreV1Api, KubeConfig, type V1Pod } from '@kubernetes/client-node';
import { keepLease, type NodeDescription, readNodes, registerNode } from './node-agent-nodes.ts';
import { AGENT_READY, type AgentPlace, agentPlaceFrom, LAST_GRACE_MS } from './node-agent-place.ts';
import { readState, writeState } from './node-agent-state.ts';
import { PodAddresses } from './pod-address.ts';
import { readImages } from './pod-images.ts';
import { endMarked } from './pod-process.ts';
import { marksOf, type PodRecord, type PodSurroundings, PodWorker, podDir } from './pod-worker.ts';
import { boundLog } from './process-log.ts';
import { LAB_MARK } from './reaper.ts';
import { Reconciler } from './reconciler.ts';
import { message } from './watch.ts';
import { Store } from './watch-store.ts';

const LOG_CHECK_MS = 5_000;
const RETRY_MS = 500;

/** Runs the pods that the scheduler binds to its nodes, as processes of this machine. */
class NodeAgent {
  readonly #config = new KubeConfig();
  readonly #place: AgentPlace;
  readonly #nodes: readonly NodeDescription[];
  readonly #pods: Store<V1Pod>;
  readonly #reconciler: Reconciler;
  readonly #workers = new Map<string, PodWorker>();
  /** Pods whose processes are being ended. */
  readonly #leaving = new Set<string>();
  readonly #addresses: PodAddresses;
  readonly #around: PodSurroundings;
  /** Records of an earlier agent's pods that no worker has taken over yet. */
  readonly #inherited: Map<string, PodRecord>;
  #isSettled = false;

  constructor(place: AgentPlace) {
    this.#place = place;
    this.#nodes = readNodes(place.nodes);
    readImages(place.images);
    this.#config.loadFromFile(place.kubeconfig);
    mkdirSync(join(place.dir, 'logs'), { recursive: true, mode: 0o700 });
    const state = readState(place.dir);
    this.#inherited = new Map(state.pods.map((record) => [record.uid, record]));
    this.#addresses = new PodAddresses(place.slot, state.next_address);
    for (const { address } of state.pods) this.#addresses.keep(address);
    this.#reconciler = new Reconciler(() => this.#reconcile(), RETRY_MS);
    this.#pods = new Store('/api/v1/pods', this.#reconciler.trigger);
    this.#around = {
      core: this.#config.makeApiClient(CoreV1Api),
      dir: place.dir,
      images: place.images,
      hostAddress: this.#hostAddress,
      env: inheritedEnvironment(),
      save: () => this.#save(),
    };
  }

  async run(signal: AbortSignal): Promise<void> {
    await Promise.all(this.#nodes.map((node) => this.#register(node, signal)));
    const logs = setInterval(() => this.#boundLogs(), LOG_CHECK_MS);
    await this.#pods.follow(this.#config, signal);
    clearInterval(logs);
    await Promise.all([...this.#workers.values()].map((worker) => worker.vanish(LAST_GRACE_MS)));
    await endMarked(this.#podsDir);
  }

  /** Every mark and every folder of a pod begins with it. */
  get #podsDir(): string {
    return podDir(this.#place.dir, '/');
  }

  get #hostAddress(): string {
    return `10.${this.#place.slot}.0.1`;
  }

  /** Until it works: the API server may still be coming up. */
  async #register(node: NodeDescription, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await registerNode(this.#config, node, this.#hostAddress);
        keepLease(this.#config, node.name, signal);
        return;
      } catch (error) {
        console.error(`registering ${node.name}: ${message(error)}; again in ${RETRY_MS} ms`);
        await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Brings the workers to what the API says; also after a restart, when the first list decides who is adopted. */
  async #reconcile(): Promise<void> {
    if (!this.#pods.isListed) return;
    const mine = new Map(this.#pods.objects.filter((pod) => this.#isMine(pod)).map((pod) => [uidOf(pod), pod]));
    await this.#settle(mine);
    for (const [uid, pod] of mine) if (!this.#leaving.has(uid)) this.#care(uid, pod);
    for (const [uid, worker] of this.#workers) if (!mine.has(uid)) this.#vanish(uid, worker);
  }

  /** The object is gone: whatever grace a deletion still gives, its processes end now. */
  #vanish(uid: string, worker: PodWorker): void {
    const end = () => worker.vanish(LAST_GRACE_MS);
    if (this.#leaving.has(uid)) end().catch((error: unknown) => console.error(`ending pod ${uid}: ${message(error)}`));
    else this.#leave(uid, end);
  }

  #isMine({ spec }: V1Pod): boolean {
    return this.#nodes.some(({ name }) => name === spec?.nodeName);
  }

  #care(uid: string, pod: V1Pod): void {
    const known = this.#workers.get(uid);
    const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod.metadata ?? {};
    if (known === undefined && deletionTimestamp === undefined && isOver(pod)) return;
    const worker = known ?? this.#employ(uid, pod);
    if (deletionTimestamp !== undefined) this.#leave(uid, () => worker.delete(deletionGracePeriodSeconds * 1000));
    else if (known === undefined) worker.start();
  }

  #employ(uid: string, pod: V1Pod): PodWorker {
    const record = this.#inherited.get(uid) ?? {
      uid,
      namespace: pod.metadata?.namespace ?? '',
      name: pod.metadata?.name ?? '',
      address: this.#addresses.claim(),
      started_at: new Date().toISOString(),
      containers: {},
    };
    const worker = new PodWorker(pod, record, this.#around);
    this.#workers.set(uid, worker);
    this.#inherited.delete(uid);
    this.#save();
    return worker;
  }

  /** The address is given back only when nothing lives on it any more. */
  #leave(uid: string, end: () => Promise<void>): void {
    if (this.#leaving.has(uid)) return;
    this.#leaving.add(uid);
    const worker = this.#workers.get(uid);
    end()
      .then(() => {
        this.#workers.delete(uid);
        if (worker !== undefined) this.#addresses.release(worker.record.address);
        this.#save();
      })
      .catch((error: unknown) => console.error(`ending pod ${uid}: ${message(error)}`))
      .finally(() => this.#leaving.delete(uid));
  }

  /** Once, at the first list: ends whatever runs for pods that are gone, and what nobody has a record of. */
  async #settle(mine: ReadonlyMap<string, V1Pod>): Promise<void> {
    if (this.#isSettled) return;
    const lost = [...this.#inherited.values()].filter(({ uid }) => !mine.has(uid));
    for (const { uid } of lost) this.#inherited.delete(uid);
    await endMarked(
      this.#podsDir,
      new Set([...this.#inherited.values()].flatMap((record) => marksOf(record, this.#place.dir))),
    );
    for (const name of existsSync(this.#podsDir) ? readdirSync(this.#podsDir) : [])
      if (!this.#inherited.has(name)) rmSync(join(this.#podsDir, name), { recursive: true, force: true });
    for (const { address } of lost) this.#addresses.release(address);
    this.#isSettled = true;
    console.log(AGENT_READY);
  }

  #save(): void {
    const pods = new Map(this.#inherited);
    for (const [uid, { record }] of this.#workers) pods.set(uid, record);
    writeState(this.#place.dir, { next_address: this.#addresses.next, pods: [...pods.values()] });
  }

  #boundLogs(): void {
    const logs = join(this.#place.dir, 'logs');
    for (const name of readdirSync(logs)) if (name.endsWith('.log')) boundLog(join(logs, name));
  }
}

function uidOf({ metadata }: V1Pod): string {
  return metadata?.uid ?? '';
}

function isOver({ status }: V1Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

/** Little of the agent's own environment: containers get what their pod and image say. */
function inheritedEnvironment(): Record<string, string> {
  const names = ['PATH', 'TZ', LAB_MARK];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  await new NodeAgent(agentPlaceFrom(process.argv.slice(2))).run(stop.signal);
  // Idle connections to the API server would keep it for seconds.
  process.exit();
}
