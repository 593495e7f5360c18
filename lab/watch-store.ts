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
