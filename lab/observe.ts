import { setTimeout as delay } from 'node:timers/promises';
import type { KubeConfig } from '@kubernetes/client-node';
import { type Sample, sampleKeys, type Timeline } from '../core/timeline.ts';
import { queryNow } from './observe-prometheus.ts';
import { inOneQuery, observedQueries } from './observe-queries.ts';
import { type LiveTimeline, type RecorderOptions, TimelineRecorder } from './observe-recorder.ts';
import { follow, message } from './watch.ts';

export type ObserveOptions = Omit<RecorderOptions, 'now'> & {
  kube: KubeConfig;
  namespace: string;
  prometheusUrl: string;
  /** PromQL duration over which latencies are taken, in real time. */
  window: string;
  deadline_s: number;
  signal: AbortSignal;
  /** Told after every change and every look; the timeline is the recorder's own: read it, keep no part of it. */
  onChange: (live: LiveTimeline) => void;
};

const LOOK_EVERY_MS = 500;
/** How long the last analysis and the weight's return are waited for after the end was seen. */
const SETTLE_MS = 5_000;

/** Follows a rollout from before the candidate is applied until it is over, or nobody waits any longer. */
export async function observe(options: ObserveOptions): Promise<Timeline> {
  const { kube, namespace, rollout, signal } = options;
  const recorder = new TimelineRecorder({ ...options, now: () => new Date() });
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  const settled = Promise.withResolvers<void>();
  const changed = () => {
    options.onChange(recorder.live);
    if (recorder.is_settled) settled.resolve();
  };
  const api = `/apis/argoproj.io/v1alpha1/namespaces/${namespace}`;
  const parts = [
    follow(
      kube,
      `${api}/rollouts`,
      each((raw) => isNamed(raw, rollout) && recorder.rollout(raw), changed),
      until,
    ),
    follow(
      kube,
      `${api}/analysisruns`,
      each((raw) => recorder.run(raw), changed),
      until,
    ),
    look(options, recorder, changed, until),
  ];
  const failed = Promise.all(parts).then(() => undefined);
  try {
    await Promise.race([settled.promise, failed, deadline(options, recorder, until)]);
  } finally {
    stop.abort();
    await Promise.allSettled(parts);
  }
  signal.throwIfAborted();
  const { end } = recorder.live;
  if (end === null) throw new Error(`the observer of Rollout ${namespace}/${rollout} ended before the rollout did`);
  return { ...recorder.live, end };
}

function each(take: (raw: unknown) => unknown, changed: () => void) {
  return {
    listed: (objects: object[]) => {
      for (const object of objects) take(object);
      changed();
    },
    changed: ({ kind, object }: { kind: string; object: object }) => {
      if (kind !== 'deleted') take(object);
      changed();
    },
  };
}

function isNamed(raw: unknown, name: string): boolean {
  return (raw as { metadata?: { name?: string } }).metadata?.name === name;
}

/** Ends the wait: at the deadline, or some seconds after an end that does not settle. */
async function deadline({ deadline_s }: ObserveOptions, recorder: TimelineRecorder, until: AbortSignal): Promise<void> {
  const given_up_ms = performance.now() + deadline_s * 1000;
  let ended_ms: number | null = null;
  while (!until.aborted) {
    await delay(100, undefined, { signal: until }).catch(() => undefined);
    if (performance.now() > given_up_ms) recorder.giveUp(`${Math.round(deadline_s)} s are over`);
    if (recorder.live.end !== null) ended_ms ??= performance.now();
    if (ended_ms !== null && (recorder.is_settled || performance.now() > ended_ms + SETTLE_MS)) return;
  }
}

/** Looks at Prometheus while the candidate is there. An answer that does not come is noted once and leaves a gap. */
async function look(options: ObserveOptions, recorder: TimelineRecorder, changed: () => void, until: AbortSignal) {
  let is_away = false;
  while (!until.aborted) {
    const { canary_hash, stable_hash } = recorder.live;
    if (canary_hash !== null) {
      try {
        const query = inOneQuery(observedQueries({ stable: stable_hash, canary: canary_hash }, options.window));
        recorder.sample(valuesOf(await queryNow(options.prometheusUrl, query, until)));
        if (is_away) recorder.note('prometheus', 'Prometheus answers again');
        is_away = false;
      } catch (error) {
        if (until.aborted) return;
        if (!is_away) recorder.note('prometheus', `Prometheus does not answer: ${message(error)}`);
        is_away = true;
        recorder.sample({});
      }
      changed();
    }
    await delay(LOOK_EVERY_MS, undefined, { signal: until }).catch(() => undefined);
  }
}

function valuesOf(series: Awaited<ReturnType<typeof queryNow>>): Sample['values'] {
  const values: Sample['values'] = {};
  for (const { labels, points } of series) {
    const key = sampleKeys.find((each) => each === labels.key);
    const value = points[0]?.value;
    if (key !== undefined && value !== undefined) values[key] = Number.isFinite(value) ? value : null;
  }
  return values;
}
