import type { V1Container, V1EnvVar, V1Pod } from '@kubernetes/client-node';
import { listeningAddress } from './pod-address.ts';
import { PodFault } from './pod-fault.ts';
import type { Image } from './pod-images.ts';
import { type Mount, rewrite } from './pod-mounts.ts';

/** A container as a process. */
export type Launch = { command: string; args: string[]; cwd: string; env: Record<string, string> };

/** The data of a ConfigMap or Secret of the pod's namespace; undefined when there is none. */
export type ReadData = (kind: 'ConfigMap' | 'Secret', name: string) => Promise<Record<string, string> | undefined>;

export type LaunchContext = {
  pod: V1Pod;
  container: V1Container;
  image: Image;
  mounts: readonly Mount[];
  /** The pod's address as the API shows it. */
  address: string;
  hostAddress: string;
  read: ReadData;
};

/** As the kubelet does it: the pod's command or the image's, then args, with $(VAR) expanded. */
export async function launchOf(context: LaunchContext): Promise<Launch> {
  const { pod, container, image, mounts } = context;
  const own = await environmentOf(context);
  const env = { ...image.env, ...own };
  const word = (text: string) => rewrite(expand(text, env), mounts);
  const words = [...(container.command?.map(word) ?? image.command), ...(container.args ?? []).map(word)];
  const [command, ...args] = words;
  if (command === undefined)
    throw new PodFault(
      'CreateContainerConfigError',
      `container "${container.name}" of ${pod.metadata?.name} has no command: give it one, or its image in the image table`,
    );
  // The image's folder is one of this machine already: a checkout under /tmp must not be looked for in the pod's own /tmp.
  const cwd = container.workingDir === undefined ? image.cwd : rewrite(container.workingDir, mounts);
  return { command, args, cwd, env };
}

async function environmentOf(context: LaunchContext): Promise<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const variable of context.container.env ?? []) {
    const value = await valueFor(variable, env, context);
    if (value !== undefined) env[variable.name] = rewrite(value, context.mounts);
  }
  return env;
}

async function valueFor(
  { name, value = '', valueFrom }: V1EnvVar,
  env: Readonly<Record<string, string>>,
  context: LaunchContext,
): Promise<string | undefined> {
  if (valueFrom === undefined) return expand(value, env);
  if (valueFrom.fieldRef !== undefined) return fieldOf(valueFrom.fieldRef.fieldPath, context);
  const { configMapKeyRef: fromMap, secretKeyRef: fromSecret } = valueFrom;
  const from = fromMap ?? fromSecret;
  if (from === undefined) throw unknown(`env ${name}: only value, fieldRef, configMapKeyRef and secretKeyRef`);
  const kind = fromMap === undefined ? 'Secret' : 'ConfigMap';
  const data = await context.read(kind, from.name ?? '');
  const found = data?.[from.key];
  if (found === undefined && from.optional !== true)
    throw new PodFault(
      'CreateContainerConfigError',
      `env ${name}: ${data === undefined ? `there is no ${kind} "${from.name}"` : `${kind} "${from.name}" has no key "${from.key}"`}`,
    );
  return found;
}

/** The downward API. Addresses are the loopback ones on which the process can listen. */
function fieldOf(path: string, { pod, address, hostAddress }: LaunchContext): string {
  const { metadata, spec } = pod;
  const key = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path);
  if (key?.[2] !== undefined) return metadata?.[key[1] === 'labels' ? 'labels' : 'annotations']?.[key[2]] ?? '';
  const fields: Record<string, string | undefined> = {
    'metadata.name': metadata?.name,
    'metadata.namespace': metadata?.namespace,
    'metadata.uid': metadata?.uid,
    'spec.nodeName': spec?.nodeName,
    'spec.serviceAccountName': spec?.serviceAccountName,
    'status.podIP': listeningAddress(address),
    'status.podIPs': listeningAddress(address),
    'status.hostIP': listeningAddress(hostAddress),
  };
  if (!(path in fields))
    throw unknown(`fieldPath ${path}: only ${Object.keys(fields).join(', ')}, labels and annotations`);
  return fields[path] ?? '';
}

function unknown(what: string): PodFault {
  return new PodFault('CreateContainerConfigError', `${what} are known to the lab's node agent`);
}

/** `$(NAME)` of a known variable becomes its value, `$$(NAME)` stays as `$(NAME)`, and an unknown one as it is. */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)/g, (whole, name: string | undefined) =>
    name === undefined ? '$' : (env[name] ?? whole),
  );
}

/** What a pod asks of a node that this agent cannot give; it says so instead of running something else. */
export function unsupported({ spec }: V1Pod): string | undefined {
  if ((spec?.initContainers ?? []).length > 0) return 'initContainers';
  for (const { name, envFrom, lifecycle, ...container } of spec?.containers ?? []) {
    if ((envFrom ?? []).length > 0) return `envFrom of container "${name}"`;
    if (lifecycle?.postStart !== undefined) return `lifecycle.postStart of container "${name}"`;
    if (lifecycle?.preStop !== undefined && lifecycle.preStop.sleep === undefined)
      return `lifecycle.preStop of container "${name}" other than sleep`;
    for (const kind of ['readinessProbe', 'livenessProbe', 'startupProbe'] as const)
      if (container[kind] !== undefined && container[kind].httpGet === undefined)
        return `${kind} of container "${name}" other than httpGet`;
  }
  return undefined;
}
