import type { Plan } from '../plan.ts';
import { POD_HASH_LABEL, PORT, RELEASE_ANNOTATION, roles, serverEnv } from '../workload.ts';
import { appLabels } from './metadata.ts';
import { type ContainerResources, containerResources, type Placement, placement } from './resources.ts';
import type { SharedVolume, Target } from './target.ts';

/** The parts of a pod that are used here. Narrower than Kubernetes' own types, so that both Argo's and Pulumi's accept them. */
export type Container = {
  name: string;
  image: string;
  args?: string[];
  /** What a job does not have: nobody calls it. */
  ports?: { name: string; containerPort: number; protocol: 'TCP' }[];
  env: EnvVar[];
  envFrom?: { secretRef: { name: string } }[];
  readinessProbe?: Probe;
  livenessProbe?: Probe;
  resources: ContainerResources;
  volumeMounts: { name: string; mountPath: string; readOnly?: boolean }[];
};
type EnvVar = {
  name: string;
  value?: string;
  valueFrom?: { fieldRef: { apiVersion: string; fieldPath: string } } | { secretKeyRef: { name: string; key: string } };
};
type Probe = {
  httpGet: { path: string; port: number };
  periodSeconds: number;
  timeoutSeconds: number;
  failureThreshold: number;
};
export type Volume = { name: string } & (SharedVolume | { emptyDir: Record<string, never> });
export type PodSpec = ReturnType<typeof podSpec> & Placement;
export type PodTemplate = {
  metadata: { labels: Record<string, string>; annotations: Record<string, string> };
  spec: PodSpec;
};

/** Where the registry is mounted in every container that reads models. */
export const REGISTRY_FOLDER = '/registry';
/** Where what models learn is mounted: writable in model servers. */
export const STATES_FOLDER = '/states';

/** The release's pods. Any difference here is a new release to Argo, so nothing stands here that is not one: no owner, no runbook. */
export function podTemplate(plan: Plan, target: Target): PodTemplate {
  return {
    metadata: {
      labels: appLabels(plan),
      annotations: {
        [RELEASE_ANNOTATION]: target.release,
        'prometheus.io/scrape': 'true',
        'prometheus.io/port': String(PORT),
      },
    },
    spec: {
      ...podSpec(serverContainer(plan, target), sharedVolumes(target)),
      ...placement(plan.resources.serving),
    },
  };
}

/** A pod of one container that runs as nobody, writes nothing but /tmp and asks the API server for nothing. */
export function podSpec(container: Container, volumes: readonly Volume[]) {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 10,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 10_001,
      runAsGroup: 10_001,
      fsGroup: 10_001,
      seccompProfile: { type: 'RuntimeDefault' as const },
    },
    containers: [
      {
        ...container,
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [...container.volumeMounts, { name: 'tmp', mountPath: '/tmp' }],
      },
    ],
    volumes: [...volumes, { name: 'tmp', emptyDir: {} } satisfies Volume],
  };
}

export const registryMount = { name: 'registry', mountPath: REGISTRY_FOLDER, readOnly: true };
export const statesMount = { name: 'states', mountPath: STATES_FOLDER };

/** Of containers that forecast. */
export function sharedVolumes({ registry, states }: Target): Volume[] {
  return [
    { name: registryMount.name, ...registry },
    { name: statesMount.name, ...states },
  ];
}

export function fromField(name: string, fieldPath: string): EnvVar {
  return { name, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
}

/** A value that no manifest holds. */
export function fromSecret(name: string, secret: { name: string; key: string }): EnvVar {
  return { name, valueFrom: { secretKeyRef: secret } };
}

/** Of containers that read models, or make them: the store beside the registry, and its keys, where the cluster has one. */
export function modelStore({ model_store }: Target): { env: EnvVar[]; keys: Pick<Container, 'envFrom'> } {
  if (model_store === undefined) return { env: [], keys: {} };
  const { address, secret } = model_store;
  return {
    env: [{ name: serverEnv.model_store, value: address }],
    keys: secret === undefined ? {} : { envFrom: [{ secretRef: { name: secret } }] },
  };
}

/** What OpenTelemetry's SDK reads, where the cluster has a collector. */
function tracesEnv({ service }: Plan, { traces }: Target): EnvVar[] {
  if (traces === undefined) return [];
  const { endpoint, share } = traces;
  const sampler = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: share };
  return Object.entries({
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SERVICE_NAME: service },
    ...(share !== undefined && sampler),
  }).map(([name, value]) => ({ name, value: String(value) }));
}

/** Ready once caught up, alive while it answers at all: a slow start is not a reason to restart. */
export function probes(): Record<'readinessProbe' | 'livenessProbe', Probe> {
  return {
    readinessProbe: {
      httpGet: { path: '/readyz', port: PORT },
      periodSeconds: 1,
      timeoutSeconds: 1,
      failureThreshold: 3,
    },
    livenessProbe: {
      httpGet: { path: '/livez', port: PORT },
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 6,
    },
  };
}

function serverContainer(plan: Plan, target: Target): Container {
  const { env, keys } = modelStore(target);
  return {
    name: 'model-server',
    image: target.image,
    args: [roles.serve],
    ports: [{ name: 'http', containerPort: PORT, protocol: 'TCP' }],
    env: [
      fromField(serverEnv.host, 'status.podIP'),
      { name: serverEnv.port, value: String(PORT) },
      fromField(serverEnv.pod_name, 'metadata.name'),
      fromField(serverEnv.pod_hash, `metadata.labels['${POD_HASH_LABEL}']`),
      fromField(serverEnv.release, `metadata.annotations['${RELEASE_ANNOTATION}']`),
      { name: serverEnv.arm, value: target.arm },
      { name: serverEnv.registry, value: REGISTRY_FOLDER },
      { name: serverEnv.states, value: STATES_FOLDER },
      { name: serverEnv.scorer_url, value: target.scorer_url },
      ...env,
      ...tracesEnv(plan, target),
    ],
    ...keys,
    ...probes(),
    resources: containerResources(plan.resources.serving),
    volumeMounts: [registryMount, statesMount],
  };
}
