import { join } from 'node:path';
import { Api, applyCrds, type Crd, readCrds } from './control-plane-apply.ts';
import { baseObjects } from './control-plane-objects.ts';
import type { Credentials } from './credentials.ts';
import type { Part, ProcessDescription, StepDescription, TlsFiles } from './process.ts';
import { argoPorts } from './slot.ts';

/** Where a lab's programs are and what they share. */
export type Site = { id: string; bin: string; dir: string; slot: number; host: string; credentials: Credentials };

/** Names that other parts of the lab link to. */
export const stage = {
  etcd: 'etcd',
  apiserver: 'kube-apiserver',
  /** Kubernetes' own roles are there: callers that are not administrators are let in. */
  roles: 'roles',
  access: 'access',
  crds: 'crds',
  moreCrds: 'more-crds',
  controllerManager: 'kube-controller-manager',
  scheduler: 'kube-scheduler',
  argo: 'argo-rollouts',
} as const;

const ports = { etcd: 2379, etcd_peer: 2380, apiserver: 6443, controller_manager: 10257, scheduler: 10259 } as const;

/** Ports that a slot must have free. */
export const controlPlanePorts: readonly number[] = Object.values(ports);

export const apiserverUrl = (host: string): string => `https://${host}:${ports.apiserver}`;

/** Programs that live for minutes collect garbage too often by default: this saves a second of the start. */
const go = { GOGC: '400', GOMEMLIMIT: '600MiB' };

/** The API server serves a second before it has made these; administrators need not wait for them. */
const slowHooks = ['rbac/bootstrap-roles', 'scheduling/bootstrap-system-priority-classes']
  .map((hook) => `exclude=poststarthook/${hook}`)
  .join('&');

/** Definitions that the controllers look for when they start. */
function isNeededAtStart({ name, group }: Crd): boolean {
  const istio = 'virtualservices envoyfilters destinationrules gateways serviceentries'.split(' ');
  return group === 'argoproj.io' || (group === 'networking.istio.io' && istio.includes(name.split('.')[0] ?? ''));
}

/** The control plane as processes and steps. */
export function describeControlPlane(site: Site): Part[] {
  return [etcd(site), apiserver(site), ...steps(site), controllerManager(site), scheduler(site), argo(site)];
}

function etcd({ bin, dir, host, credentials: { etcd: own, etcd_ca: ca, etcd_client } }: Site): ProcessDescription {
  const client = `https://${host}:${ports.etcd}`;
  const peer = `https://${host}:${ports.etcd_peer}`;
  return {
    name: stage.etcd,
    command: join(bin, 'etcd'),
    args: [
      '--name=lab',
      `--data-dir=${join(dir, 'etcd')}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=lab=${peer}`,
      ...['', 'peer-'].flatMap((side) => [
        `--${side}client-cert-auth`,
        `--${side}trusted-ca-file=${ca}`,
        `--${side}cert-file=${own.cert}`,
        `--${side}key-file=${own.key}`,
      ]),
      // The lab's data does not outlive it.
      '--unsafe-no-fsync',
      // A single member elects itself; at the default it waits a second for others first.
      '--heartbeat-interval=10',
      '--election-timeout=50',
      '--log-level=warn',
    ],
    links: [],
    ready: { kind: 'http', url: `${client}/readyz`, tls: { ca, ...etcd_client } },
  };
}

function apiserver({ bin, dir, slot, host, credentials }: Site): ProcessDescription {
  return {
    name: stage.apiserver,
    command: join(bin, 'kube-apiserver'),
    args: [
      `--etcd-servers=https://${host}:${ports.etcd}`,
      `--etcd-cafile=${credentials.etcd_ca}`,
      `--etcd-certfile=${credentials.etcd_client.cert}`,
      `--etcd-keyfile=${credentials.etcd_client.key}`,
      `--bind-address=${host}`,
      `--secure-port=${ports.apiserver}`,
      // Nothing reaches the API by the `kubernetes` Service, and a machine without a network has no address to advertise.
      `--advertise-address=10.${slot}.0.1`,
      '--endpoint-reconciler-type=none',
      `--cert-dir=${join(dir, 'apiserver')}`,
      ...serving(credentials),
      `--client-ca-file=${credentials.ca}`,
      '--anonymous-auth=false',
      '--authorization-mode=RBAC',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${credentials.service_account.public}`,
      `--service-account-signing-key-file=${credentials.service_account.private}`,
      '--service-cluster-ip-range=10.96.0.0/16',
      '--allow-privileged',
      '--enable-priority-and-fairness=false',
      '--profiling=false',
    ],
    env: go,
    links: [stage.etcd],
    ready: { kind: 'http', url: `${apiserverUrl(host)}/readyz?${slowHooks}`, tls: asAdmin(credentials) },
  };
}

function steps({ bin, host, credentials }: Site): StepDescription[] {
  const api = (): Api => new Api(apiserverUrl(host), asAdmin(credentials));
  const definitions = readCrds(join(bin, 'crds'));
  definitions.catch(() => undefined);
  return [
    {
      name: stage.access,
      links: [stage.apiserver],
      run: async (signal) => {
        const connection = api();
        try {
          for (const { path, object } of baseObjects()) await connection.apply(path, JSON.stringify(object), signal);
        } finally {
          await connection.close();
        }
      },
    },
    {
      name: stage.roles,
      links: [stage.apiserver],
      run: async (signal) => {
        const connection = api();
        try {
          await connection.until('/readyz', 500, signal);
        } finally {
          await connection.close();
        }
      },
    },
    {
      name: stage.crds,
      links: [stage.apiserver],
      run: async (signal) => applyCrds(api, (await definitions).filter(isNeededAtStart), signal),
    },
    {
      name: stage.moreCrds,
      links: [stage.argo],
      late: true,
      run: async (signal) =>
        applyCrds(
          api,
          (await definitions).filter((crd) => !isNeededAtStart(crd)),
          signal,
        ),
    },
  ];
}

function controllerManager({ bin, host, credentials }: Site): ProcessDescription {
  return {
    name: stage.controllerManager,
    command: join(bin, 'kube-controller-manager'),
    args: [
      `--kubeconfig=${credentials.kubeconfig('system:kube-controller-manager')}`,
      `--bind-address=${host}`,
      `--secure-port=${ports.controller_manager}`,
      ...serving(credentials),
      `--root-ca-file=${credentials.ca}`,
      `--service-account-private-key-file=${credentials.service_account.private}`,
      '--use-service-account-credentials=true',
      '--leader-elect=false',
      '--allocate-node-cidrs=false',
      '--controllers=*,-node-ipam-controller,-cloud-node-lifecycle-controller',
      '--kube-api-qps=200',
      '--kube-api-burst=400',
      '--profiling=false',
    ],
    env: go,
    links: [stage.roles],
    ready: { kind: 'http', url: `https://${host}:${ports.controller_manager}/healthz`, tls: { ca: credentials.ca } },
  };
}

function scheduler({ bin, host, credentials }: Site): ProcessDescription {
  return {
    name: stage.scheduler,
    command: join(bin, 'kube-scheduler'),
    args: [
      `--kubeconfig=${credentials.kubeconfig('system:kube-scheduler')}`,
      `--bind-address=${host}`,
      `--secure-port=${ports.scheduler}`,
      ...serving(credentials),
      '--leader-elect=false',
      '--kube-api-qps=200',
      '--kube-api-burst=400',
      '--profiling=false',
    ],
    env: go,
    links: [stage.roles],
    ready: { kind: 'http', url: `https://${host}:${ports.scheduler}/healthz`, tls: { ca: credentials.ca } },
  };
}

function argo({ bin, slot, credentials }: Site): ProcessDescription {
  const { metrics, healthz } = argoPorts(slot);
  return {
    name: stage.argo,
    command: join(bin, 'rollouts-controller'),
    args: [
      `--kubeconfig=${credentials.kubeconfig('argo-rollouts')}`,
      '--leader-elect=false',
      // Who is told what stands in the service's own namespace.
      '--self-service-notification-enabled',
      `--metricsPort=${metrics}`,
      `--healthzPort=${healthz}`,
      '--qps=200',
      '--burst=400',
      '--loglevel=info',
    ],
    env: go,
    links: [stage.roles, stage.access, stage.crds],
    // Its health page answers before it has read anything; this line comes after.
    ready: { kind: 'log', text: 'Started controller' },
  };
}

function serving({ serving: { cert, key } }: Credentials): string[] {
  return [`--tls-cert-file=${cert}`, `--tls-private-key-file=${key}`];
}

function asAdmin(credentials: Credentials): TlsFiles {
  return { ca: credentials.ca, ...credentials.client('admin') };
}
