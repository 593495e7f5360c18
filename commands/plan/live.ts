import type { KubeConfig } from '@kubernetes/client-node';
import { gatesFor } from '../../analysis/gates.ts';
import { analysisTemplates } from '../../core/compile/analysis.ts';
import { rollout } from '../../core/compile/rollout.ts';
import type { LiveRelease } from '../../core/effect/change.ts';
import { InputError } from '../../core/input-error.ts';
import { canonicalJson } from '../../core/release.ts';
import { phaseOfStep } from '../../core/timeline.ts';
import { POD_HASH_LABEL, RELEASE_ANNOTATION } from '../../core/workload.ts';
import { parseRollout, parseRun } from '../../lab/observe-argo.ts';
import { type Applied, parsePlanRecord, planRecordName } from '../../stacks/plan-record.ts';
import { readCluster } from '../cluster.ts';
import { plannedPhases } from '../rehearsal/phases.ts';

/** What runs of a service, and what was applied last; null where the namespace has no such Rollout. */
export async function readLive(
  config: KubeConfig,
  { namespace, service }: { namespace: string; service: string },
): Promise<{ applied: Applied; live: LiveRelease } | null> {
  const argo = `/apis/argoproj.io/v1alpha1/namespaces/${namespace}`;
  const record = planRecordName({ service });
  const [live, runs, templates, revisions, found] = await Promise.all([
    readCluster(config, `${argo}/rollouts/${service}`),
    readCluster(config, `${argo}/analysisruns`),
    readCluster(config, `${argo}/analysistemplates`),
    readCluster(config, `/apis/apps/v1/namespaces/${namespace}/replicasets?labelSelector=app%3D${service}`),
    readCluster(config, `/api/v1/namespaces/${namespace}/configmaps/${record}`),
  ]);
  if (live === null) return null;
  const place = `${namespace}/configmap/${record}`;
  if (found === null)
    throw new InputError([
      { place, message: 'is not there, so nobody knows what was applied', fix: 'compare with a commit: --against REF' },
    ]);
  const applied = parsePlanRecord(dataOf(found), place);
  return {
    applied,
    live: releaseOf(applied, { live, runs: items(runs), templates: items(templates), revisions: items(revisions) }),
  };
}

type Seen = { live: unknown; runs: unknown[]; templates: unknown[]; revisions: unknown[] };

function releaseOf(applied: Applied, { live, runs, templates, revisions }: Seen): LiveRelease {
  const { plan, target } = applied;
  const seen = parseRollout(live);
  const releases = new Map(revisions.map((revision) => [labelOf(revision, POD_HASH_LABEL), templateRelease(revision)]));
  const failed = runs
    .map(parseRun)
    .filter(({ run }) => run.phase === 'Failed' || run.phase === 'Error')
    .flatMap(({ pod_hash }) => releases.get(pod_hash) ?? []);
  const release = templateRelease(live) ?? target.release;
  const stable = releases.get(seen.stable_hash);
  const state = seen.aborted ? 'aborted' : seen.current_hash === seen.stable_hash ? 'none' : 'running';
  const phase = seen.step === null ? undefined : phaseOfStep(plannedPhases(plan, target), seen.step);
  return {
    state,
    release,
    phase: phase?.name ?? null,
    weight_percent: seen.weight_percent,
    aborted: [...new Set([...failed, ...(seen.aborted ? [release] : [])])].filter((digest) => digest !== stable),
    edited: editedOf(applied, live, templates),
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
