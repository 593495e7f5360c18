import type { Plan } from '../plan.ts';
import type { Target } from './target.ts';

export const OWNER_LABEL = 'gridramp.io/owner';
/** How long the evidence of this service's releases is kept, as 730d. */
export const RETAIN_ANNOTATION = 'gridramp.io/evidence-retain';
export const RUNBOOK_ANNOTATION = 'gridramp.io/runbook';

/** Label of every pod of a service, of both versions. */
export function appLabels({ service }: Plan): { app: string } {
  return { app: service };
}

export type Metadata = {
  name: string;
  namespace: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
};

/** Metadata of one object of a service. Names are fixed, so that a second apply meets the same objects. */
export function metadataOf(plan: Plan, { namespace }: Pick<Target, 'namespace'>, name: string): Metadata {
  return {
    name,
    namespace,
    labels: { ...appLabels(plan), [OWNER_LABEL]: plan.owner, 'app.kubernetes.io/managed-by': 'gridramp' },
    annotations: { [RUNBOOK_ANNOTATION]: plan.runbook },
  };
}

/** The same with more annotations. */
export function withAnnotations(metadata: Metadata, annotations: Record<string, string>): Metadata {
  return { ...metadata, annotations: { ...metadata.annotations, ...annotations } };
}
