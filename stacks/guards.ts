import { appLabels, type Metadata, metadataOf } from '../core/compile/metadata.ts';
import { retrainingJob } from '../core/compile/retraining.ts';
import type { Target } from '../core/compile/target.ts';
import type { Plan } from '../core/plan.ts';
import { PORT, scoringNames } from '../core/workload.ts';
import type { Scoring } from './scoring.ts';

type Selector = { matchLabels: Record<string, string> };

export type PodDisruptionBudget = {
  apiVersion: 'policy/v1';
  kind: 'PodDisruptionBudget';
  metadata: Metadata;
  spec: { maxUnavailable: number; selector: Selector; unhealthyPodEvictionPolicy: 'AlwaysAllow' };
};

export type NetworkPolicy = {
  apiVersion: 'networking.k8s.io/v1';
  kind: 'NetworkPolicy';
  metadata: Metadata;
  spec: {
    podSelector: Selector;
    policyTypes: ('Ingress' | 'Egress')[];
    ingress: { from: Peer[]; ports: Port[] }[];
    egress: { to?: Peer[]; ports: Port[] }[];
  };
};
type Peer = { namespaceSelector?: { matchLabels?: Record<string, string> }; podSelector?: Record<string, never> };
type Port = { protocol: 'TCP' | 'UDP'; port: number };

/** Pods with Istio's proxy give Prometheus their own numbers, and the proxy's, here. */
const ISTIO_METRICS_PORT = 15_020;
/** istiod, which the proxies ask for their configuration and certificates. */
const ISTIOD_PORT = 15_012;
const DNS_PORT = 53;
const POSTGRESQL_PORT = 5432;

/** What keeps a service's pods from the upkeep of nodes, and from whom they have nothing to do with. */
export function guards(plan: Plan, target: Target, scoring: Scoring): (PodDisruptionBudget | NetworkPolicy)[] {
  const app = appLabels(plan);
  const policy = (name: string, labels: Record<string, string>, rules: Rules) =>
    networkPolicy(metadataOf(plan, target, name), labels, rules);
  const database = scoring.database === 'postgresql' ? [POSTGRESQL_PORT] : [];
  const { scorer, recomputer } = scoringNames;
  const models = portsOf(target.model_store?.address);
  return [
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: metadataOf(plan, target, plan.service),
      spec: {
        // Of both versions together: one pod of a canary may go, and with two at least it goes on being judged.
        maxUnavailable: 1,
        selector: { matchLabels: app },
        // What does not answer anyway must not hold up a drain.
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
      },
    },
    policy(plan.service, app, { isAsked: true, elsewhere: [...models, ...portsOf(target.traces?.endpoint)] }),
    policy(scorer, { app: scorer }, { isAsked: true, elsewhere: database }),
    policy(recomputer, { app: recomputer }, { isAsked: true, elsewhere: models }),
    ...retrainingJob(plan, target).map(({ metadata, spec }) =>
      policy(metadata.name, spec.jobTemplate.spec.template.metadata.labels, { isAsked: false, elsewhere: models }),
    ),
  ];
}

/** The port at which an address is asked; a bucket's own address stands in a Secret, so it is that of https. */
function portsOf(address: string | undefined): number[] {
  if (address === undefined) return [];
  const { protocol, port } = new URL(address.replace(/^oci(?=:)|^s3(?=:)/, 'https').replace(/^oci\+/, ''));
  return [port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port)];
}

/** `elsewhere`: ports at which the pods ask what is not in their namespace. */
type Rules = { isAsked: boolean; elsewhere: number[] };

/** Pods of the cluster may ask it, and it may ask its own namespace; nobody else. */
function networkPolicy(metadata: Metadata, matchLabels: Record<string, string>, rules: Rules): NetworkPolicy {
  const tcp = (port: number): Port => ({ protocol: 'TCP', port });
  const named = (name: string): Peer => ({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
  });
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata,
    spec: {
      podSelector: { matchLabels },
      policyTypes: ['Ingress', 'Egress'],
      ingress: rules.isAsked
        ? [{ from: [{ namespaceSelector: {} }], ports: [tcp(PORT), tcp(ISTIO_METRICS_PORT)] }]
        : [],
      egress: [
        { ports: [{ protocol: 'UDP', port: DNS_PORT }, tcp(DNS_PORT)] },
        { to: [{ podSelector: {} }], ports: [tcp(PORT)] },
        { to: [named('istio-system')], ports: [tcp(ISTIOD_PORT)] },
        ...(rules.elsewhere.length === 0 ? [] : [{ ports: rules.elsewhere.map(tcp) }]),
      ],
    },
  };
}
