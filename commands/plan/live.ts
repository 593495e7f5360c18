import type { KubeConfig } from '@kubernetes/client-node';
import { gatesFor } from '../../analysis/gates.ts';
import { analysisTemplates } from '../../core/compile/analysis.ts';
import { rollout } from '../../core/compile/rollout.ts';
import type { LiveRelease } from '../../core/effect/change.ts';
import { InputError } from '../../core/input-error.ts';
import { canonicalJson } from '../../core/release.ts';
import { phaseOfStep } from '../../core/timeline.ts';
import { POD_HASH_LABEL, RELEASE_ANNOTATION } from '../../core/workload.ts';
import { parseRollout, parseRun, type RolloutSeen } from '../../lab/observe-argo.ts';
import { type Applied, parseAborted, parsePlanRecord, planRecordName } from '../../stacks/plan-record.ts';
import { readCluster } from '../cluster.ts';
import { plannedPhases, plannedWaits } from '../rehearsal/phases.ts';

export type Place = { namespace: string; service: string };

/** What runs of a service, and what was applied last; null where the namespace has no such Rollout. */
export async function readLive(
  config: KubeConfig,
  place: Place,
): Promise<{ applied: Applied; live: LiveRelease } | null> {
  const [seen, templates, record] = await Promise.all([
    readReleases(config, place),
    readCluster(config, `${argoPath(place)}/analysistemplates`),
    readRecord(config, place),
  ]);
  if (seen === null) return null;
  if (record.data === null)
    throw new InputError([
      {
        place: record.name,
        message: 'is not there, so nobody knows what was applied',
        fix: 'compare with a commit: --against REF',
      },
    ]);
  const applied = parsePlanRecord(record.data, record.name);
  const aborted = abortedAmong(seen, parseAborted(record.data, record.name));
  const edited = editedOf(applied, seen.live, items(templates));
  return { applied, live: { ...liveOf(applied, seen), aborted, edited } };
}

/** Releases of a service that the cluster aborted, the earliest first: what its record remembers, and what the Rollout says beyond that. */
export async function readAborted(config: KubeConfig, place: Place): Promise<string[]> {
  const [seen, record] = await Promise.all([readReleases(config, place), readRecord(config, place)]);
  return abortedAmong(seen, record.data === null ? [] : parseAborted(record.data, record.name));
}

/** `data` null where nothing was applied. */
async function readRecord(
  config: KubeConfig,
  place: Place,
): Promise<{ name: string; data: Record<string, string> | null }> {
  const name = planRecordName(place);
  const record = await readCluster(config, `/api/v1/namespaces/${place.namespace}/configmaps/${name}`);
  return { name: `${place.namespace}/configmap/${name}`, data: record === null ? null : dataOf(record) };
}

type Seen = { live: unknown; rollout: RolloutSeen; runs: unknown[]; releases: Map<string, string | undefined> };

async function readReleases(config: KubeConfig, place: Place): Promise<Seen | null> {
  const replicasets = `/apis/apps/v1/namespaces/${place.namespace}/replicasets`;
  const [live, runs, revisions] = await Promise.all([
    readCluster(config, `${argoPath(place)}/rollouts/${place.service}`),
    readCluster(config, `${argoPath(place)}/analysisruns`),
    readCluster(config, `${replicasets}?labelSelector=app%3D${place.service}`),
  ]);
  if (live === null) return null;
  const releases = new Map(items(revisions).map((one) => [labelOf(one, POD_HASH_LABEL), templateRelease(one)]));
  return { live, rollout: parseRollout(live), runs: items(runs), releases };
}

function argoPath({ namespace }: Place): string {
  return `/apis/argoproj.io/v1alpha1/namespaces/${namespace}`;
}

/**
 * What was remembered; then, of the revisions that the Rollout keeps, those that an analysis failed, and the one that is aborted now, whoever
 * aborted it. Never the one that serves.
 */
function abortedAmong(seen: Seen | null, remembered: readonly string[]): string[] {
  if (seen === null) return [...remembered];
  const { live, rollout, runs, releases } = seen;
  const failed = runs
    .map(parseRun)
    .filter(({ run }) => run.phase === 'Failed' || run.phase === 'Error')
    .flatMap(({ pod_hash }) => releases.get(pod_hash) ?? []);
  const now = rollout.aborted ? [templateRelease(live)].filter((digest) => digest !== undefined) : [];
  return [...new Set([...remembered, ...failed, ...now])].filter(
    (digest) => digest !== releases.get(rollout.stable_hash),
  );
}

function liveOf({ plan, target }: Applied, seen: Seen): Omit<LiveRelease, 'aborted' | 'edited'> {
  const { aborted, current_hash, stable_hash, step, weight_percent } = seen.rollout;
  const wait = plannedWaits(plan, target).find((each) => each.step === step);
  const place = wait ?? phaseOfStep(plannedPhases(plan, target), step);
  return {
    state: aborted ? 'aborted' : current_hash === stable_hash ? 'none' : 'running',
    release: templateRelease(seen.live) ?? target.release,
    phase: place?.name ?? null,
    weight_percent,
  };
}

/** Objects whose judgement or steps are others than this version compiles from the plan that was applied. */
function editedOf({ plan, target }: Applied, live: unknown, templates: unknown[]): string[] {
  const steps = rollout(plan, target).spec.strategy?.canary?.steps;
  const live_steps = field(live, 'spec', 'strategy', 'canary', 'steps');
  const metrics = new Map(
    templates.map((template) => [field(template, 'metadata', 'name'), field(template, 'spec', 'metrics')]),
  );
  const changed = analysisTemplates(plan, gatesFor(target), target).filter(
    ({ metadata, spec }) => canonicalJson(metrics.get(metadata?.name) ?? null) !== canonicalJson(spec.metrics),
  );
  return [
    ...(canonicalJson(live_steps ?? null) === canonicalJson(steps) ? [] : [`Rollout ${plan.service}`]),
    ...changed.map(({ metadata }) => `AnalysisTemplate ${metadata?.name}`),
  ];
}

function templateRelease(object: unknown): string | undefined {
  const release = field(object, 'spec', 'template', 'metadata', 'annotations', RELEASE_ANNOTATION);
  return typeof release === 'string' ? release : undefined;
}

function labelOf(object: unknown, label: string): string {
  return String(field(object, 'metadata', 'labels', label) ?? '');
}

function dataOf(configMap: unknown): Record<string, string> {
  const data = field(configMap, 'data');
  return Object.fromEntries(Object.entries(data ?? {}).map(([key, value]) => [key, String(value)]));
}

function items(list: unknown): unknown[] {
  const found = field(list, 'items');
  return Array.isArray(found) ? found : [];
}

/** A field inside of an object that the API server has checked; undefined where it is absent. */
function field(object: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined),
    object,
  );
}
