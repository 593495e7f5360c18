import type { User } from './credentials.ts';

type Rule = { apiGroups: string[]; resources: string[]; verbs: string[] };

const read = ['get', 'list', 'watch'];
const write = ['create', 'update', 'patch', 'delete'];
const all = [...read, ...write, 'deletecollection'];

const rule = (group: string, resources: string, verbs: string[]): Rule => ({
  apiGroups: [group],
  resources: resources.split(' '),
  verbs,
});

/** As in Argo Rollouts' own manifests/role, less the meshes and load balancers that the lab does not have. */
const argoRollouts: Rule[] = [
  rule('argoproj.io', 'rollouts rollouts/status rollouts/finalizers', [...read, 'update', 'patch']),
  rule('argoproj.io', 'analysisruns analysisruns/finalizers experiments experiments/finalizers', [...read, ...write]),
  rule('argoproj.io', 'analysistemplates clusteranalysistemplates', read),
  rule('apps', 'replicasets', [...read, ...write]),
  rule('apps', 'deployments', [...read, 'update']),
  rule('', 'podtemplates', [...read, 'update']),
  rule('', 'services', [...read, 'patch', 'create', 'delete']),
  rule('coordination.k8s.io', 'leases', ['create', 'get', 'update']),
  rule('', 'secrets configmaps', read),
  rule('', 'pods', ['list', 'update', 'watch']),
  rule('', 'pods/eviction', ['create']),
  rule('', 'events', ['create', 'update', 'patch']),
  rule('networking.k8s.io', 'ingresses', [...read, 'create', 'update', 'patch']),
  rule('batch', 'jobs', [...read, ...write]),
  rule('networking.istio.io', 'virtualservices destinationrules', [...read, 'update', 'patch']),
];

const nodeAgent: Rule[] = [
  rule('', 'nodes nodes/status', all),
  rule('', 'pods pods/status', [...read, 'update', 'patch', 'delete']),
  rule('', 'configmaps secrets serviceaccounts services', read),
  rule('', 'events', ['create', 'update', 'patch']),
  rule('coordination.k8s.io', 'leases', [...read, ...write]),
  // A real kubelet's, where pods are containers.
  rule('', 'serviceaccounts/token', ['create']),
  rule('storage.k8s.io', 'csidrivers csinodes volumeattachments', [...read, ...write]),
  rule('node.k8s.io', 'runtimeclasses', read),
];

/** What the Pulumi programs create; cluster-scoped permissions beyond it stay with the administrator. */
const pulumi: Rule[] = [
  rule('', 'namespaces services configmaps secrets serviceaccounts resourcequotas limitranges', all),
  rule('', 'pods events', read),
  rule('apps', 'deployments statefulsets daemonsets replicasets', all),
  rule('batch', 'jobs cronjobs', all),
  rule('policy', 'poddisruptionbudgets', all),
  rule('networking.k8s.io', 'networkpolicies ingresses', all),
  rule('autoscaling', 'horizontalpodautoscalers', all),
  rule('scheduling.k8s.io', 'priorityclasses', all),
  rule('argoproj.io', '*', all),
  rule('networking.istio.io', '*', all),
  rule('monitoring.coreos.com', '*', all),
  rule('karpenter.sh', '*', all),
  rule('apiextensions.k8s.io', 'customresourcedefinitions', read),
];

const translator: Rule[] = [
  rule('', 'services pods nodes namespaces', read),
  rule('discovery.k8s.io', 'endpointslices', read),
  rule('networking.istio.io', 'virtualservices envoyfilters destinationrules gateways serviceentries', read),
];

const observer: Rule[] = [
  ...translator,
  rule('', 'events configmaps serviceaccounts', read),
  rule('apps', 'replicasets deployments statefulsets', read),
  rule('batch', 'jobs cronjobs', read),
  rule('argoproj.io', '*', read),
  rule('karpenter.sh', '*', read),
];

/** Users whom Kubernetes itself gives their role (system:…) are not here. */
const roles: Partial<Record<User, Rule[]>> = {
  'argo-rollouts': argoRollouts,
  prometheus: [rule('', 'pods', read)],
  'node-agent': nodeAgent,
  pulumi,
  translator,
  observer,
};

/** Objects of a bare lab, each with its address. */
export function baseObjects(): { path: string; object: unknown }[] {
  const rbac = 'rbac.authorization.k8s.io';
  return [
    {
      path: '/api/v1/namespaces/argo-rollouts',
      object: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argo-rollouts' } },
    },
    ...Object.entries(roles).flatMap(([user, rules]) => {
      const name = `gridramp:${user}`;
      const subject = { kind: 'User', apiGroup: rbac, name: user };
      const head = (kind: string) => ({ apiVersion: `${rbac}/v1`, kind, metadata: { name } });
      return [
        { path: `/apis/${rbac}/v1/clusterroles/${name}`, object: { ...head('ClusterRole'), rules } },
        {
          path: `/apis/${rbac}/v1/clusterrolebindings/${name}`,
          object: {
            ...head('ClusterRoleBinding'),
            roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
            subjects: [subject],
          },
        },
      ];
    }),
  ];
}
