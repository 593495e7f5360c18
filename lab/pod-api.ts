import { setTimeout as delay } from 'node:timers/promises';
import { ApiException, type CoreV1Api, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import type { ReadData } from './pod-launch.ts';
import type { PodStatus } from './pod-status.ts';
import { message } from './watch.ts';

const FIRST_DELETE_RETRY_MS = 100;
const MAX_DELETE_RETRY_MS = 2_000;

/** The one pod that is meant, also where another has taken its name. */
export type PodName = { namespace: string; name: string; uid: string };

/** What the agent does to one pod in the API. */
export class PodApi {
  readonly #core: CoreV1Api;
  readonly #pod: PodName;

  constructor(core: CoreV1Api, pod: PodName) {
    this.#core = core;
    this.#pod = pod;
  }

  /** False when the pod is gone. */
  async patchStatus(status: PodStatus): Promise<boolean> {
    const { namespace, name, uid } = this.#pod;
    try {
      // The uid lets the API refuse the status of a pod that has been replaced by one of the same name.
      await this.#core.patchNamespacedPodStatus(
        { name, namespace, body: { metadata: { uid }, status } },
        setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
      );
      return true;
    } catch (error) {
      if (isGone(error)) return false;
      console.error(`status of ${namespace}/${name}: ${message(error)}`);
      throw error;
    }
  }

  /** Until it is gone: a pod that has ended must not linger because the API server was away for a moment. */
  async delete(): Promise<void> {
    const { namespace, name, uid } = this.#pod;
    for (let wait_ms = FIRST_DELETE_RETRY_MS; ; wait_ms = Math.min(wait_ms * 2, MAX_DELETE_RETRY_MS)) {
      try {
        const body = { preconditions: { uid }, gracePeriodSeconds: 0 };
        await this.#core.deleteNamespacedPod({ name, namespace, body });
        return;
      } catch (error) {
        if (isGone(error)) return;
        console.error(`deleting ${namespace}/${name}: ${message(error)}; again in ${wait_ms} ms`);
        await delay(wait_ms);
      }
    }
  }

  readonly readData: ReadData = async (kind, name) => {
    const { namespace } = this.#pod;
    try {
      if (kind === 'ConfigMap') return (await this.#core.readNamespacedConfigMap({ name, namespace })).data ?? {};
      const { data = {} } = await this.#core.readNamespacedSecret({ name, namespace });
      return Object.fromEntries(
        Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
      );
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  };
}

/** Not there, or another pod by the same name. */
function isGone(error: unknown): boolean {
  return error instanceof ApiException && (error.code === 404 || error.code === 409);
}
