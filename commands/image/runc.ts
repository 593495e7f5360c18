import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PodSpec } from '../../core/compile/pod.ts';

const run = promisify(execFile);

/** What an image says of how it is started. */
type ImageConfig = { Entrypoint: string[]; Cmd?: string[]; Env?: string[]; WorkingDir?: string; User: string };
type Blobs = { manifests: { digest: string }[] } & { config: { digest: string }; layers: { digest: string }[] };

/** For tests: an image's files below `folder`, and what it says of its start. `archive`: as buildImage gives it. */
export async function unpackImage(archive: string, folder: string): Promise<{ rootfs: string; config: ImageConfig }> {
  const [layout, rootfs] = [join(folder, 'layout'), join(folder, 'rootfs')];
  for (const path of [layout, rootfs]) await mkdir(path, { recursive: true });
  await run('tar', ['-xf', archive, '-C', layout]);
  const blob = (digest: string) => join(layout, 'blobs', ...digest.split(':'));
  const json = async (path: string) => JSON.parse(await readFile(path, 'utf8'));
  const [image]: Blobs['manifests'] = (await json(join(layout, 'index.json'))).manifests;
  const { config, layers }: Blobs = await json(blob(image?.digest ?? ''));
  for (const { digest } of layers) await run('tar', ['-xzpf', blob(digest), '-C', rootfs]);
  return { rootfs, config: (await json(blob(config.digest))).config };
}

/** A container of the machine's own network, and nothing else of the machine. */
export type Container = {
  process: ChildProcess;
  /** Runs a program inside: its exit code and what it said. */
  exec: (...words: string[]) => Promise<{ code: number; said: string }>;
  /** Ends it however it is. */
  remove: () => Promise<void>;
};
type Start = {
  runc: string;
  /** Of a folder of its own, to which unpackImage has written. */
  folder: string;
  image: Awaited<ReturnType<typeof unpackImage>>;
  /** Whose rights the container gets: those that the compiler gives. */
  pod: PodSpec;
  env: Record<string, string>;
  args?: readonly string[];
  /** From folders of the machine to places inside. */
  mounts: readonly { source: string; destination: string; writable?: boolean }[];
};

/** For tests: starts an image as its pod would be, with runc and without a kubelet (test/lab has that); what it writes comes on `process`. */
export async function startContainer({ runc, folder, image, pod, env, args, mounts }: Start): Promise<Container> {
  const [container] = pod.containers;
  const security = container?.securityContext;
  if (!security?.capabilities.drop.includes('ALL')) throw new Error('the pod keeps capabilities');
  const { Entrypoint, Cmd = [], Env = [], WorkingDir = '/' } = image.config;
  const id = `gridramp-${process.pid}-${folder.slice(folder.lastIndexOf('/') + 1)}`;
  const bind = mounts.map(({ source, destination, writable }) => ({
    ...{ source, destination, type: 'bind' },
    options: ['rbind', writable ? 'rw' : 'ro', 'nosuid'],
  }));
  const config = {
    ociVersion: '1.0.2',
    process: {
      user: { uid: pod.securityContext.runAsUser, gid: pod.securityContext.runAsGroup },
      args: [...Entrypoint, ...(args ?? Cmd)],
      env: [...Env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)],
      cwd: WorkingDir,
      capabilities: {},
      noNewPrivileges: !security.allowPrivilegeEscalation,
    },
    root: { path: image.rootfs, readonly: security.readOnlyRootFilesystem },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755'] },
      { destination: '/tmp', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'nodev', 'mode=1777'] },
      ...bind,
    ],
    linux: { cgroupsPath: `/${id}`, namespaces: ['pid', 'mount', 'ipc', 'uts'].map((type) => ({ type })) },
  };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  const state = ['--root', join(folder, 'runc')];
  const child = spawn(runc, [...state, 'run', '--bundle', folder, id], { stdio: ['pipe', 'pipe', 'pipe'] });
  const exec: Container['exec'] = (...words) =>
    run(runc, [...state, 'exec', id, ...words]).then(
      ({ stdout }) => ({ code: 0, said: stdout }),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, said: stderr }),
    );
  const remove = async () => {
    await run(runc, [...state, 'delete', '--force', id]);
  };
  return { process: child, exec, remove };
}
