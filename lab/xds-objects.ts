import { setTimeout as delay } from 'node:timers/promises';
import type { KubeConfig, KubernetesObject } from '@kubernetes/client-node';
import { type Change, type Follower, follow } from './watch.ts';

/** All objects under one API path, kept current. */
export class Store<T extends KubernetesObject> implements Follower<T> {
  readonly #path: string;
  readonly #changed: () => void;
  #objects: Map<string, T> | undefined;

  constructor(path: string, changed: () => void) {
    this.#path = path;
    this.#changed = changed;
  }

  /** False until the first list: before it nobody can tell what is missing. */
  get isListed(): boolean {
    return this.#objects !== undefined;
  }

  get objects(): T[] {
    return [...(this.#objects?.values() ?? [])];
  }

  /** Until `signal` aborts. */
  async follow(config: KubeConfig, signal: AbortSignal): Promise<void> {
    await follow(config, this.#path, this, signal);
  }

  listed(objects: T[]): void {
    this.#objects = new Map(objects.map((object) => [keyOf(object), object]));
    this.#changed();
  }

  changed({ kind, object }: Change<T>): void {
    if (kind === 'deleted') this.#objects?.delete(keyOf(object));
    else this.#objects?.set(keyOf(object), object);
    this.#changed();
  }
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
}

const GATHER_MS = 5;

/** Runs `work` after changes, one run at a time; changes that come while it runs lead to one more run. */
export class Reconciler {
  readonly #work: () => Promise<void>;
  readonly #retry_ms: number;
  #isDue = false;
  #isRunning = false;

  /** When `work` throws it has said so itself, and is done again after `retry_ms`. */
  constructor(work: () => Promise<void>, retry_ms: number) {
    this.#work = work;
    this.#retry_ms = retry_ms;
  }

  readonly trigger = (): void => {
    this.#isDue = true;
    if (!this.#isRunning) void this.#run();
  };

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#isDue) {
      // Objects that are written together arrive within moments of each other.
      await delay(GATHER_MS);
      this.#isDue = false;
      try {
        await this.#work();
      } catch {
        setTimeout(this.trigger, this.#retry_ms).unref();
      }
    }
    this.#isRunning = false;
  }
}
