import { setTimeout as delay } from 'node:timers/promises';
import { type KubeConfig, type KubernetesObject, Watch } from '@kubernetes/client-node';
import { fetch } from 'undici';
import { signedGet } from './signed-get.ts';

export type Change<T> = { kind: 'changed' | 'deleted'; object: T };

/** What a follower is told: first (and after every break) the whole list, then each change. */
export type Follower<T> = { listed: (objects: T[]) => void; changed: (change: Change<T>) => void };

const LIST_TIMEOUT_MS = 10_000;
/** The server ends every watch after this long, so that a list repairs whatever a watch might have lost. */
const WATCH_S = 120;
const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 2_000;

/**
 * Follows all objects under an API path until `signal` aborts. Whatever ends a watch – the server, a broken
 * connection, an expired version – the next step is a new list, so nothing that happened between is missed.
 * No field selector: watches by one were seen to stop delivering.
 */
export async function follow<T extends KubernetesObject>(
  config: KubeConfig,
  path: string,
  follower: Follower<T>,
  signal: AbortSignal,
): Promise<void> {
  let wait_ms = FIRST_DELAY_MS;
  while (!signal.aborted) {
    try {
      const list = await listAll<T>(config, path, signal);
      follower.listed(list.items);
      wait_ms = FIRST_DELAY_MS;
      await watchFrom(config, path, list.version, follower, signal);
    } catch (error) {
      if (signal.aborted) return;
      console.error(`following ${path}: ${message(error)}; again in ${wait_ms} ms`);
      wait_ms = Math.min(wait_ms * 2, MAX_DELAY_MS);
    }
    await delay(wait_ms, undefined, { signal }).catch(() => undefined);
  }
}

async function listAll<T extends KubernetesObject>(
  config: KubeConfig,
  path: string,
  signal: AbortSignal,
): Promise<{ items: T[]; version: string }> {
  const { url, ...request } = await signedGet(config, path);
  const response = await fetch(url, {
    ...request,
    signal: AbortSignal.any([signal, AbortSignal.timeout(LIST_TIMEOUT_MS)]),
  });
  if (!response.ok) throw new Error(`the list answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
  // The API server has checked the objects against their schema; `T` says which one the path serves.
  const list = (await response.json()) as { items: T[]; metadata: { resourceVersion: string } };
  return { items: list.items, version: list.metadata.resourceVersion };
}

async function watchFrom<T extends KubernetesObject>(
  config: KubeConfig,
  path: string,
  resourceVersion: string,
  follower: Follower<T>,
  signal: AbortSignal,
): Promise<void> {
  const ended = Promise.withResolvers<void>();
  // An ERROR event (an expired version) is followed by the end of the stream, and that by a new list.
  // The client swallows what its callback throws, so errors take their own way out.
  const onEvent = (phase: string, object: T) => {
    try {
      if (phase === 'ADDED' || phase === 'MODIFIED') follower.changed({ kind: 'changed', object });
      if (phase === 'DELETED') follower.changed({ kind: 'deleted', object });
    } catch (error) {
      ended.reject(error);
    }
  };
  const onEnd = (error: unknown) => {
    if (error instanceof Error && error.name !== 'TimeoutError') ended.reject(error);
    else ended.resolve();
  };
  const watch = await new Watch(config).watch(path, { resourceVersion, timeoutSeconds: WATCH_S }, onEvent, onEnd);
  const stop = () => watch.abort();
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    await ended.promise;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The message with its causes: `fetch failed` alone helps nobody. */
export function message(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${message(error.cause)}`;
}
