import * as kubernetes from '@pulumi/kubernetes';
import type { CustomResourceOptions, Resource } from '@pulumi/pulumi';
import { compile, type Manifest, manifestList } from '../core/compile/compile.ts';
import { serviceNames } from '../core/compile/routing.ts';
import type { Target } from '../core/compile/target.ts';
import type { Gate } from '../core/gate.ts';
import type { Plan } from '../core/plan.ts';
import { type Deployment, type Scoring, scoringManifests } from './scoring.ts';

export type ServingInputs = { plan: Plan; gates: readonly Gate[]; target: Target; scoring: Scoring };

export type ServingOutputs = { namespace: string; rollout: string; release: string; stable: string; canary: string };

/**
 * The program of one service: its compiled objects, the scorer and the recomputer. Returns once everything is accepted; following the
 * release is another command's work, so nothing here ever waits for a canary.
 */
export function servingProgram(inputs: ServingInputs): () => Promise<ServingOutputs> {
  return async () => {
    const { plan, gates, target, scoring } = inputs;
    const [namespace, ...compiled] = manifestList(compile(plan, gates, target));
    const rollouts = compiled.filter(({ kind }) => kind === 'Rollout');
    const others = [...compiled.filter(({ kind }) => kind !== 'Rollout'), ...scoringManifests(plan, target, scoring)];
    const home = namespace === undefined ? [] : [create(namespace, [])];
    const before = others.map((manifest) => create(manifest, home));
    for (const rollout of rollouts) create(rollout, [...home, ...before]);
    const { stable, canary } = serviceNames(plan);
    return { namespace: target.namespace, rollout: plan.service, release: target.release, stable, canary };
  };
}

/**
 * Fields that Argo writes while a release runs: the weights, with the shadow's route beside them, and the pod-template hash in the
 * selectors. Pulumi gives them once, when it creates the object. From then on the provider leaves an ignored field out of its
 * server-side apply as soon as another manager owns it, so an `up` in mid-rollout cannot move a weight.
 */
const ownedByArgo: Record<string, string[]> = { Service: ['spec.selector'], VirtualService: ['spec.http'] };

function create(manifest: Manifest | Deployment, dependsOn: Resource[]): Resource {
  const { kind, metadata } = manifest;
  const name = `${kind}/${metadata?.name}`;
  const options: CustomResourceOptions = { dependsOn, ignoreChanges: ownedByArgo[kind] ?? [] };
  switch (manifest.kind) {
    case 'Namespace':
      return new kubernetes.core.v1.Namespace(name, manifest, options);
    case 'Service':
      return new kubernetes.core.v1.Service(name, unawaited(manifest), options);
    case 'Deployment':
      return new kubernetes.apps.v1.Deployment(name, unawaited(manifest), options);
    default:
      return new kubernetes.apiextensions.CustomResource(name, unawaited(manifest), options);
  }
}

/** Pulumi would wait for a Service's endpoints; the canary has none until its first release, the scorer none before its feed. */
function unawaited<T extends { metadata?: { annotations?: Record<string, string> } }>(manifest: T) {
  const annotations = { ...manifest.metadata?.annotations, 'pulumi.com/skipAwait': 'true' };
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}
