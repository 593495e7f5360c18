import { at, listAt, textAt } from './fields.ts';
import type { KubernetesObject } from './policy.ts';

/** Where each kind keeps the template of its pods. */
const templates: Record<string, string[]> = {
  Pod: [],
  Deployment: ['spec', 'template'],
  ReplicaSet: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  Rollout: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

/** A pod that an object is or makes. */
export type PodTemplate = { place: string; spec: unknown; labels: unknown };
export type Container = { place: string; container: unknown };

/** Empty for an object that makes no pods; for a Rollout whose template is elsewhere, that one is another object. */
export function podTemplates(object: KubernetesObject): PodTemplate[] {
  const path = templates[object.kind];
  const template = path && at(object, ...path);
  const spec = at(template, 'spec');
  if (path === undefined || spec === undefined) return [];
  return [{ place: [...path, 'spec'].join('.'), spec, labels: at(template, 'metadata', 'labels') }];
}

/** All containers of an object's pods; those that only begin it have the same rights while they run. */
export function containers(object: KubernetesObject): Container[] {
  return podTemplates(object).flatMap(({ place, spec }) =>
    ['initContainers', 'containers', 'ephemeralContainers'].flatMap((kind) =>
      listAt(spec, kind).map((container) => ({
        place: `${place}.${kind}[${textAt(container, 'name') ?? ''}]`,
        container,
      })),
    ),
  );
}

/** What runs until it is told to end, so that a second version or a missing pod of it matters to others. */
export function isService({ kind }: KubernetesObject): boolean {
  return ['Deployment', 'StatefulSet', 'Rollout'].includes(kind);
}
