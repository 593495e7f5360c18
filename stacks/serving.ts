import * as kubernetes from '@pulumi/kubernetes';
import type { CustomResourceOptions, Resource } from '@pulumi/pulumi';
import { serviceNames } from '../core/compile/routing.ts';
import type { Plan } from '../core/plan.ts';
import { type ServingInputs, type ServingManifest, servingManifests } from './serving-manifests.ts';

export type ServingOutputs = { namespace: string; rollout: string; release: string; stable: string; canary: string };

/** One object as Pulumi is told of it. */
export type ServingResource = {
  name: string;
  manifest: ServingManifest;
  /** Names of resources that must be there first. */
  after: string[];
  ignoreChanges: string[];
};

/**
 * The program of one service: its compiled objects, the scorer and the recomputer. Returns once everything is accepted; following the
 * release is another command's work, so nothing here ever waits for a canary.
 */
export function servingProgram(inputs: ServingInputs): () => Promise<ServingOutputs> {
  return async () => {
    const { plan, target } = inputs;
    const created = new Map<string, Resource>();
    for (const resource of servingResources(inputs)) {
      const dependsOn = resource.after.flatMap((name) => created.get(name) ?? []);
      created.set(resource.name, create(resource, { dependsOn, ignoreChanges: resource.ignoreChanges }));
    }
    const { stable, canary } = serviceNames(plan);
    return { namespace: target.namespace, rollout: plan.service, release: target.release, stable, canary };
  };
}

/** In the order of creation: the namespace, everything in it, and last the Rollout, which refuses to start without the rest. */
export function servingResources(inputs: ServingInputs): ServingResource[] {
  const { plan } = inputs;
  const manifests = servingManifests(inputs);
  const rank = ({ kind }: ServingManifest) => (kind === 'Namespace' ? 0 : kind === 'Rollout' ? 2 : 1);
  const names = manifests.map((manifest) => ({ name: nameOf(manifest), rank: rank(manifest) }));
  return manifests
    .toSorted((a, b) => rank(a) - rank(b))
    .map((manifest) => ({
      name: nameOf(manifest),
      manifest,
      after: names.filter((other) => other.rank < rank(manifest)).map(({ name }) => name),
      ignoreChanges: ownedByArgo(plan)[nameOf(manifest)] ?? [],
    }));
}

function nameOf({ kind, metadata }: ServingManifest): string {
  return `${kind}/${metadata?.name}`;
}

/**
 * Fields that Argo writes while a release runs: the weights, with the shadow's route beside them, and the pod-template hash in the
 * selectors. Pulumi gives them once, when it creates the object. From then on the provider leaves an ignored field out of its
 * server-side apply as soon as another manager owns it, so an `up` in mid-rollout cannot move a weight.
 */
function ownedByArgo(plan: Plan): Record<string, string[]> {
  const { stable, canary } = serviceNames(plan);
  return {
    [`VirtualService/${plan.service}`]: ['spec.http'],
    [`Service/${stable}`]: ['spec.selector'],
    [`Service/${canary}`]: ['spec.selector'],
  };
}

function create({ name, manifest }: ServingResource, options: CustomResourceOptions): Resource {
  switch (manifest.kind) {
    case 'Namespace':
      return new kubernetes.core.v1.Namespace(name, manifest, options);
    case 'ConfigMap':
      return new kubernetes.core.v1.ConfigMap(name, manifest, options);
    case 'Service':
      return new kubernetes.core.v1.Service(name, unawaited(manifest), options);
    case 'Deployment':
      return new kubernetes.apps.v1.Deployment(name, unawaited(manifest), options);
    case 'CronJob':
      return new kubernetes.batch.v1.CronJob(name, unawaited(manifest), options);
    case 'PodDisruptionBudget':
      return new kubernetes.policy.v1.PodDisruptionBudget(name, unawaited(manifest), options);
    case 'NetworkPolicy':
      return new kubernetes.networking.v1.NetworkPolicy(name, unawaited(manifest), options);
    default:
      return new kubernetes.apiextensions.CustomResource(name, unawaited(manifest), options);
  }
}

/** Pulumi would wait for a Service's endpoints; the canary has none until its first release, the scorer none before its feed. */
function unawaited<T extends { metadata?: { annotations?: Record<string, string> } }>(manifest: T) {
  const annotations = { ...manifest.metadata?.annotations, 'pulumi.com/skipAwait': 'true' };
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}
