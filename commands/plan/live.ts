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
import { type Applied, parsePlanRecord, planRecordName } from '../../stacks/plan-record.ts';
import { readCluster } from '../cluster.ts';
import { plannedPhases } from '../rehearsal/phases.ts';

export type Place = { namespace: string; service: string };

/** What runs of a service, and what was applied last; null where the namespace has no such Rollout. */
export async function readLive(
  config: KubeConfig,
  place: Place,
): Promise<{ applied: Applied; live: LiveRelease } | null> {
  const argo = argoPath(place);
  const name = `${place.namespace}/configmap/${planRecordName(place)}`;
  const [seen, templates, record] = await Promise.all([
    readReleases(config, place),
    readCluster(config, `${argo}/analysistemplates`),
    readCluster(config, `/api/v1/namespaces/${place.namespace}/configmaps/${planRecordName(place)}`),
  ]);
  if (seen === null) return null;
  if (record === null)
    throw new InputError([
      {
        place: name,
        message: 'is not there, so nobody knows what was applied',
        fix: 'compare with a commit: --against REF',
      },
    ]);
  const applied = parsePlanRecord(dataOf(record), name);
  return { applied, live: { ...liveOf(applied, seen), edited: editedOf(applied, seen.live, items(templates)) } };
}

/** Releases of a service that the cluster aborted, as far back as it remembers; none where it has no such Rollout. */
export async function readAborted(config: KubeConfig, place: Place): Promise<string[]> {
  const seen = await readReleases(config, place);
  return seen === null ? [] : abortedAmong(seen);
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

/** Of the revisions that the Rollout keeps those that an analysis failed, and the one that is aborted now; never the one that serves. */
function abortedAmong({ live, rollout, runs, releases }: Seen): string[] {
  const failed = runs
    .map(parseRun)
    .filter(({ run }) => run.phase === 'Failed' || run.phase === 'Error')
    .flatMap(({ pod_hash }) => releases.get(pod_hash) ?? []);
  const now = rollout.aborted ? (templateRelease(live) ?? []) : [];
  return [...new Set(failed.concat(now))].filter((digest) => digest !== releases.get(rollout.stable_hash));
}

function liveOf({ plan, target }: Applied, seen: Seen): Omit<LiveRelease, 'edited'> {
  const { aborted, current_hash, stable_hash, step, weight_percent } = seen.rollout;
  const phase = step === null ? undefined : phaseOfStep(plannedPhases(plan, target), step);
  return {
    state: aborted ? 'aborted' : current_hash === stable_hash ? 'none' : 'running',
    release: templateRelease(seen.live) ?? target.release,
    phase: phase?.name ?? null,
    weight_percent,
    aborted: abortedAmong(seen),
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
