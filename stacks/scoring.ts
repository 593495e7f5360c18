import { type Metadata, metadataOf } from '../core/compile/metadata.ts';
import {
  type Container,
  fromField,
  fromSecret,
  modelStore,
  type PodSpec,
  type PodTemplate,
  podSpec,
  probes,
  REGISTRY_FOLDER,
  registryMount,
  STATES_FOLDER,
  sharedVolumes,
  statesMount,
} from '../core/compile/pod.ts';
import { containerResources } from '../core/compile/resources.ts';
import { type Service, serviceOf } from '../core/compile/routing.ts';
import type { Target } from '../core/compile/target.ts';
import type { JudgeSettings } from '../core/judge/settings.ts';
import type { Plan } from '../core/plan.ts';
import { canonicalJson } from '../core/release.ts';
import { DATABASE_SECRET, PORT, recomputerEnv, roles, scorerEnv, scoringNames } from '../core/workload.ts';

/** What judges the versions beside the mesh: the scorer and the recomputer. */
export type Scoring = {
  scorer_image: string;
  /** The model server's image; in a rehearsal not the one that is broken on purpose. */
  recomputer_image: string;
  /** Where the scorer keeps its log and its sums: a claim, or for a rehearsal a folder that goes with the pod. */
  data: { persistentVolumeClaim: { claimName: string } } | { emptyDir: Record<string, never> };
  /** The plan's, but a rehearsal has no PostgreSQL. */
  database: JudgeSettings['database'];
  /** Base URLs at which the scorer reaches the two versions and the recomputer. */
  stable_url: string;
  canary_url: string;
  recompute_url: string;
};

export type Deployment = {
  apiVersion: 'apps/v1';
  kind: 'Deployment';
  metadata: Metadata;
  spec: {
    replicas: number;
    strategy: { type: 'Recreate' | 'RollingUpdate' };
    selector: { matchLabels: { app: string } };
    template: PodTemplate;
  };
};

const DATA_FOLDER = '/data';

/** The plan sizes the service; what judges it has a size of its own. */
const ownResources = containerResources({ cpu: '1', memory: '1Gi', gpus: 0, node_pool: null });

export function scoringManifests(plan: Plan, target: Target, scoring: Scoring): (Deployment | Service)[] {
  return [scorer(plan, target, scoring), recomputer(plan, target, scoring)].flatMap((deployment) => [
    deployment,
    serviceOf(deployment.metadata, deployment.spec.selector.matchLabels),
  ]);
}

/** One writer of one log: a second scorer beside the first would count every pair twice, so the old one goes before the new one comes. */
function scorer(plan: Plan, target: Target, scoring: Scoring): Deployment {
  const container: Container = {
    name: 'scorer',
    image: scoring.scorer_image,
    ports: [{ name: 'http', containerPort: PORT, protocol: 'TCP' }],
    env: [
      fromField(scorerEnv.host, 'status.podIP'),
      { name: scorerEnv.port, value: String(PORT) },
      { name: scorerEnv.data, value: DATA_FOLDER },
      { name: scorerEnv.registry, value: REGISTRY_FOLDER },
      { name: scorerEnv.stable_url, value: scoring.stable_url },
      { name: scorerEnv.canary_url, value: scoring.canary_url },
      { name: scorerEnv.recompute_url, value: scoring.recompute_url },
      { name: scorerEnv.judge, value: canonicalJson({ ...plan.judge, database: scoring.database }) },
      ...(plan.retraining === null
        ? []
        : [{ name: scorerEnv.log_hours, value: String(plan.retraining.history_hours) }]),
      ...(scoring.database === 'postgresql' ? [fromSecret(scorerEnv.database_url, DATABASE_SECRET)] : []),
    ],
    ...probes(),
    resources: ownResources,
    volumeMounts: [registryMount, { name: 'data', mountPath: DATA_FOLDER }],
  };
  const volumes = [
    { name: 'registry', ...target.registry },
    { name: 'data', ...scoring.data },
  ];
  return deployment(metadataOf(plan, target, scoringNames.scorer), 'Recreate', podSpec(container, volumes));
}

/** The model server's own image in its other role: parity compares what was served with what the same code makes of the same inputs. */
function recomputer(plan: Plan, target: Target, { recomputer_image }: Scoring): Deployment {
  const { env, keys } = modelStore(target);
  const container: Container = {
    name: 'recomputer',
    image: recomputer_image,
    args: [roles.recompute],
    ports: [{ name: 'http', containerPort: PORT, protocol: 'TCP' }],
    env: [
      fromField(recomputerEnv.host, 'status.podIP'),
      { name: recomputerEnv.port, value: String(PORT) },
      { name: recomputerEnv.registry, value: REGISTRY_FOLDER },
      { name: recomputerEnv.states, value: STATES_FOLDER },
      ...env,
    ],
    ...keys,
    ...probes(),
    resources: ownResources,
    volumeMounts: [registryMount, { ...statesMount, readOnly: true }],
  };
  const spec = podSpec(container, sharedVolumes(target));
  return deployment(metadataOf(plan, target, scoringNames.recomputer), 'RollingUpdate', spec);
}

function deployment(metadata: Metadata, type: 'Recreate' | 'RollingUpdate', spec: PodSpec): Deployment {
  const labels = { app: metadata.name };
  const annotations = { 'prometheus.io/scrape': 'true', 'prometheus.io/port': String(PORT) };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...metadata, labels: { ...metadata.labels, ...labels } },
    spec: {
      replicas: 1,
      strategy: { type },
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec },
    },
  };
}
