import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { InputError } from '../core/input-error.ts';
import { bridgeName, cgroupName, SYSTEM_PATH } from './container-leftovers.ts';
import { containerFault, NAMESPACES } from './container-rights.ts';
import type { Site } from './control-plane.ts';
import { CONTAINERS_X } from './pod-address.ts';
import type { ProcessDescription } from './process.ts';

/** A node of real containers: this machine's kernel under a kubelet, containerd and runc of the lab's own. */
export type ContainerPlace = {
  name: string;
  labels: Readonly<Record<string, string>>;
  taints: readonly { key: string; value: string; effect: 'NoSchedule' }[];
  /** Folder of containerd, runc, the kubelet, the sandbox's program and, in `cni/`, CNI's plugins. */
  tools: string;
  /** Folder of all that the node writes. */
  dir: string;
  /** OCI archives that are there before the first pod is, and the name that pods ask for, without a digest. */
  images: readonly { name: string; archive: string }[];
  /** Addresses that pods reach this machine's own programs at; the first is the node's. */
  addresses: readonly string[];
};

/** What the node's first process is told, in the file `place`. */
export type NodeOrder = ContainerPlace & { id: string };

const HEALTH_PORT = 10_248;
const KUBELET_PORT = 10_250;

export const PAUSE_IMAGE = 'localhost/gridramp/pause:1';

/** Address of the node, on the bridge of its pods. */
export const nodeAddress = (slot: number): string => `10.${slot}.0.1`;

export const containerFiles = (dir: string) => ({
  place: join(dir, 'place.json'),
  containerd: join(dir, 'containerd.toml'),
  socket: join(dir, 'containerd.sock'),
  kubelet: join(dir, 'kubelet.yaml'),
  network: join(dir, 'cni', 'gridramp.conflist'),
  pause: join(dir, 'pause.tar'),
});

/**
 * The node as a process of the lab. It has a process and a mount namespace of its own: with its first process all containers end and all
 * their mounts are gone, however that process ended. Link it to the step that grants it access.
 * Throws an InputError where the machine can run no containers.
 */
export function containerNodeProcess(site: Site, place: ContainerPlace, links: readonly string[]): ProcessDescription {
  const fault = containerFault();
  if (fault !== undefined) throw new InputError([fault]);
  writeConfiguration(site, place);
  const program = fileURLToPath(new URL('container-node.ts', import.meta.url));
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', program];
  const kubelet = [
    join(place.tools, 'kubelet'),
    `--config=${containerFiles(place.dir).kubelet}`,
    `--kubeconfig=${site.credentials.kubeconfig('node-agent')}`,
    `--root-dir=${join(place.dir, 'kubelet')}`,
    `--cert-dir=${join(place.dir, 'kubelet-pki')}`,
    `--hostname-override=${place.name}`,
    `--node-ip=${nodeAddress(site.slot)}`,
    `--node-labels=${Object.entries(place.labels).map((label) => label.join('='))}`,
  ];
  return {
    name: `node-${place.name}`,
    command: '/usr/bin/unshare',
    args: [...NAMESPACES, '--', ...node, place.dir, ...kubelet],
    env: { PATH: `${place.tools}:${SYSTEM_PATH}` },
    links,
    ready: { kind: 'http', url: `http://${site.host}:${HEALTH_PORT}/healthz` },
  };
}

function writeConfiguration(site: Site, place: ContainerPlace): void {
  const files = containerFiles(place.dir);
  mkdirSync(join(place.dir, 'cni'), { recursive: true, mode: 0o700 });
  writeFileSync(files.place, JSON.stringify({ ...place, id: site.id } satisfies NodeOrder));
  writeFileSync(files.containerd, containerdConfig(site, place));
  writeFileSync(files.kubelet, stringify(kubeletConfig(site, place)));
  writeFileSync(files.network, JSON.stringify(networkConfig(site, place)));
}

function containerdConfig({ host }: Site, { dir, tools }: ContainerPlace): string {
  const files = containerFiles(dir);
  const text = (value: string): string => JSON.stringify(value);
  return `version = 2
root = ${text(join(dir, 'containerd'))}
state = ${text(join(dir, 'containerd-state'))}
[grpc]
  address = ${text(files.socket)}
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${text(PAUSE_IMAGE)}
  stream_server_address = ${text(host)}
  # Root in a container lacks CAP_SYS_RESOURCE, and runc would die of it.
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${text(join(tools, 'cni'))}
    conf_dir = ${text(join(dir, 'cni'))}
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
`;
}

function kubeletConfig({ id, host, credentials }: Site, { dir, taints }: ContainerPlace): Record<string, unknown> {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: host,
    port: KUBELET_PORT,
    healthzBindAddress: host,
    healthzPort: HEALTH_PORT,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: credentials.ca },
    },
    authorization: { mode: 'AlwaysAllow' },
    tlsCertFile: credentials.serving.cert,
    tlsPrivateKeyFile: credentials.serving.key,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: cgroupName(id),
    failSwapOn: false,
    // Pods ask for less than they take, as this machine has few cores: they share them by what they ask for, and nothing is cut off.
    cpuCFSQuota: false,
    registerWithTaints: taints,
    enforceNodeAllocatable: [],
    containerRuntimeEndpoint: `unix://${containerFiles(dir).socket}`,
    podLogsDir: join(dir, 'logs'),
    volumePluginDir: join(dir, 'volume-plugins'),
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    imageGCHighThresholdPercent: 100,
    kubeAPIQPS: 200,
    kubeAPIBurst: 400,
  };
}

/** No default route: pods reach each other and this machine's programs on the bridge, and nothing else. */
function networkConfig({ id, slot }: Site, { dir }: ContainerPlace): Record<string, unknown> {
  const { first, last } = CONTAINERS_X;
  const range = {
    subnet: `10.${slot}.0.0/16`,
    rangeStart: `10.${slot}.${first}.1`,
    rangeEnd: `10.${slot}.${last}.254`,
  };
  const ipam = { type: 'host-local', dataDir: join(dir, 'addresses'), ranges: [[range]] };
  return { cniVersion: '1.0.0', name: 'gridramp', plugins: [{ type: 'bridge', bridge: bridgeName(id), ipam }] };
}
