import type { PodContainer, Terminated } from './pod-container.ts';

export type PodFacts = {
  containers: readonly PodContainer[];
  address: string;
  hostAddress: string;
  started_at: string;
};

export type Condition = {
  type: string;
  status: 'True' | 'False';
  lastTransitionTime: string;
  reason?: string;
  message?: string;
};

export type PodStatus = { phase: string; conditions: Condition[] } & Record<string, unknown>;

/** The status of a pod as a strategic merge patch; `before` keeps the times of conditions that did not change. */
export function statusOf(facts: PodFacts, before: readonly Condition[], now: string): PodStatus {
  const { containers, address, hostAddress, started_at } = facts;
  const isReady = containers.length > 0 && containers.every((each) => each.isReady);
  const unready = containers.filter((each) => !each.isReady).map(({ name }) => name);
  const why = isReady
    ? {}
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const wanted = [
    { type: 'PodReadyToStartContainers', isTrue: true },
    { type: 'Initialized', isTrue: true },
    { type: 'ContainersReady', isTrue: isReady, ...why },
    { type: 'Ready', isTrue: isReady, ...why },
  ];
  const conditions = wanted.map(({ type, isTrue, ...rest }) => {
    const status = isTrue ? ('True' as const) : ('False' as const);
    const old = before.find((each) => each.type === type);
    return { type, status, lastTransitionTime: old?.status === status ? old.lastTransitionTime : now, ...rest };
  });
  return {
    phase: phaseOf(containers),
    hostIP: hostAddress,
    hostIPs: [{ ip: hostAddress }],
    podIP: address,
    podIPs: [{ ip: address }],
    startTime: seconds(started_at),
    conditions,
    containerStatuses: containers.map(containerStatus),
  };
}

function phaseOf(containers: readonly PodContainer[]): string {
  const ends = containers.map(({ ended }) => ended);
  if (ends.length > 0 && ends.every((end) => end !== undefined))
    return ends.every((end) => end?.code === 0) ? 'Succeeded' : 'Failed';
  const hasRun = containers.some(({ state, restarts }) => state.kind !== 'waiting' || restarts > 0);
  return hasRun ? 'Running' : 'Pending';
}

function containerStatus(container: PodContainer): Record<string, unknown> {
  const { name, image, isReady, isStarted, restarts, state, lastTerminated } = container;
  return {
    name,
    image,
    imageID: image,
    ready: isReady,
    started: isStarted,
    restartCount: restarts,
    state: stateOf(state),
    lastState: lastTerminated === undefined ? {} : { terminated: terminatedOf(lastTerminated) },
  };
}

function stateOf(state: PodContainer['state']): Record<string, unknown> {
  if (state.kind === 'running') return { running: { startedAt: seconds(state.started_at) } };
  if (state.kind === 'terminated') return { terminated: terminatedOf(state.terminated) };
  const { reason, message } = state;
  return { waiting: { reason, ...(message === undefined ? {} : { message }) } };
}

function terminatedOf({ code, reason, message, started_at, finished_at }: Terminated): Record<string, unknown> {
  return {
    exitCode: code,
    reason,
    ...(message === undefined ? {} : { message }),
    startedAt: seconds(started_at),
    finishedAt: seconds(finished_at),
  };
}

/** Kubernetes' times are whole seconds. */
export function seconds(iso: string): string {
  return iso.replace(/\.\d+Z$/, 'Z');
}
