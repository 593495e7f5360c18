import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { V1Container, V1Probe } from '@kubernetes/client-node';
import { listeningAddress } from './pod-address.ts';

/** Until a container first answers it is asked this often, whatever its period: a lab should not wait for a period to pass. */
const EAGER_MS = 100;

export type Probing = {
  container: V1Container;
  address: string;
  /** What was known of an adopted container. */
  wasReady: boolean;
  onReady: (isReady: boolean) => void;
  onStarted: () => void;
  /** The container must be restarted, and why. */
  onUnhealthy: (why: string) => void;
  signal: AbortSignal;
};

/** Runs a container's probes until `signal` aborts. */
export async function probeAll(probing: Probing): Promise<void> {
  const { container, wasReady, onStarted, onReady, signal } = probing;
  const { startupProbe, readinessProbe, livenessProbe } = container;
  if (startupProbe !== undefined && !wasReady && !(await hasStarted(startupProbe, probing))) return;
  if (signal.aborted) return;
  onStarted();
  if (readinessProbe === undefined) onReady(true);
  await Promise.all([
    readinessProbe && watchReadiness(readinessProbe, probing),
    livenessProbe && watchLiveness(livenessProbe, probing),
  ]);
}

async function hasStarted(probe: V1Probe, { onUnhealthy, ...probing }: Probing): Promise<boolean> {
  const { initialDelaySeconds = 0, failureThreshold = 3 } = probe;
  const deadline_ms = performance.now() + initialDelaySeconds * 1000 + failureThreshold * periodOf(probe);
  for (;;) {
    const failure = await look(probe, probing);
    if (probing.signal.aborted) return false;
    if (failure === undefined) return true;
    if (performance.now() > deadline_ms) {
      onUnhealthy(`startup probe failed: ${failure}`);
      return false;
    }
    await pause(EAGER_MS, probing.signal);
  }
}

async function watchReadiness(probe: V1Probe, { onReady, ...probing }: Probing): Promise<void> {
  const { failureThreshold = 3, successThreshold = 1 } = probe;
  let isReady = probing.wasReady;
  let hasBeenReady = isReady;
  for (let good = 0, bad = 0; !probing.signal.aborted; ) {
    const isGood = (await look(probe, probing)) === undefined;
    if (probing.signal.aborted) return;
    good = isGood ? good + 1 : 0;
    bad = isGood ? 0 : bad + 1;
    const now = isReady ? bad < failureThreshold : good >= successThreshold;
    if (now !== isReady) onReady(now);
    isReady = now;
    hasBeenReady ||= now;
    await pause(hasBeenReady ? periodOf(probe) : EAGER_MS, probing.signal);
  }
}

async function watchLiveness(probe: V1Probe, { onUnhealthy, ...probing }: Probing): Promise<void> {
  const { initialDelaySeconds = 0, failureThreshold = 3 } = probe;
  // The first look comes after a period: a process that is only just starting is not sick.
  await pause(initialDelaySeconds * 1000 + periodOf(probe), probing.signal);
  for (let bad = 0; !probing.signal.aborted; ) {
    const failure = await look(probe, probing);
    if (probing.signal.aborted) return;
    bad = failure === undefined ? 0 : bad + 1;
    if (bad >= failureThreshold) return onUnhealthy(`liveness probe failed ${bad} times: ${failure}`);
    await pause(periodOf(probe), probing.signal);
  }
}

function periodOf({ periodSeconds = 10 }: V1Probe): number {
  return periodSeconds * 1000;
}

async function pause(wait_ms: number, signal: AbortSignal): Promise<void> {
  await delay(wait_ms, undefined, { signal, ref: false }).catch(() => undefined);
}

/** One look; undefined when good, else what was wrong. */
function look(probe: V1Probe, { container, address, signal }: Pick<Probing, 'container' | 'address' | 'signal'>) {
  const { path = '/', port, httpHeaders = [] } = probe.httpGet ?? { port: 0 };
  const number =
    typeof port === 'number' ? port : container.ports?.find(({ name }) => name === String(port))?.containerPort;
  if (number === undefined) return Promise.resolve(`the container has no port named "${port}"`);
  const timeout_ms = (probe.timeoutSeconds ?? 1) * 1000;
  const headers = {
    'user-agent': 'kube-probe/1.34',
    ...Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value])),
  };
  return new Promise<string | undefined>((resolve) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeout_ms)]);
    const call = request(
      { host: listeningAddress(address), port: number, path, headers, agent: false, signal: limit },
      (answer) => {
        answer.resume();
        const { statusCode = 0 } = answer;
        resolve(statusCode >= 200 && statusCode < 400 ? undefined : `${path} answered ${statusCode}`);
      },
    );
    call.on('error', (error) =>
      resolve(limit.aborted ? `${path} did not answer within ${timeout_ms} ms` : error.message),
    );
    call.end();
  });
}
