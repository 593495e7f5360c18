import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { V1Container, V1Pod, V1Volume } from '@kubernetes/client-node';
import { PodFault } from './pod-fault.ts';

/** A path inside the container and the real folder that stands for it. */
export type Mount = { path: string; folder: string };

/** The mounts of a container, the longest path first, with their folders made. */
export function mountsOf(pod: V1Pod, container: V1Container, podDir: string): Mount[] {
  const volumes = new Map((pod.spec?.volumes ?? []).map((volume) => [volume.name, volume]));
  return (container.volumeMounts ?? [])
    .flatMap(({ name, mountPath, subPath = '' }) => {
      const volume = volumes.get(name);
      const folder = volume && folderOf(volume, podDir);
      return folder === undefined ? [] : [{ path: mountPath.replace(/(.)\/$/, '$1'), folder: join(folder, subPath) }];
    })
    .toSorted((a, b) => b.path.length - a.path.length);
}

/** Undefined for the API token that the API server adds to every pod: no lab process calls the API by it. */
function folderOf(volume: V1Volume, podDir: string): string | undefined {
  if (volume.emptyDir !== undefined) return made(join(podDir, 'volumes', volume.name));
  if (volume.projected !== undefined && volume.name.startsWith('kube-api-access-')) return undefined;
  const { path, type = '' } = volume.hostPath ?? {};
  if (path === undefined)
    throw new PodFault(
      'CreateContainerConfigError',
      `volume "${volume.name}": the lab's node agent knows emptyDir and hostPath only`,
    );
  if (type === 'DirectoryOrCreate') return made(path);
  if (type !== '' && !existsSync(path))
    throw new PodFault('CreateContainerConfigError', `volume "${volume.name}": there is no ${path} on the node`);
  return path;
}

function made(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** A process has no mount namespace of its own, so what it is told of a mounted path becomes the real folder. */
export function rewrite(text: string, mounts: readonly Mount[]): string {
  const mount = mounts.find(({ path }) => text === path || text.startsWith(path === '/' ? path : `${path}/`));
  return mount === undefined ? text : join(mount.folder, text.slice(mount.path.length));
}
