import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Fault, InputError } from '../../core/input-error.ts';
import { cacheRoot, folderOf } from '../bootstrap/artefact.mjs';
import { debianArtefact } from '../bootstrap/containers.mjs';

const run = promisify(execFile);
/** npm and a compiler say some lines for each package. */
const MOST_OUTPUT_BYTES = 16_000_000;

/** The cache of the dynamic linker is our own in a mount namespace of its own: buildah starts itself again without LD_LIBRARY_PATH to run a step. */
const WITH_LIBRARIES = 'mount --bind "$0" /etc/ld.so.cache && exec "$@"';

/** buildah with a storage of its own, which is gone with it. */
export type Buildah = {
  /** Runs `buildah ARGS` and gives what it printed. @throws with what it said where it fails */
  ask: (...args: string[]) => Promise<string>;
  /** A folder for what a build needs besides. */
  work: string;
};

/** Why this machine cannot build images; undefined when it can. */
export function buildFault(): Fault | undefined {
  const place = 'this machine';
  if (process.platform !== 'linux')
    return { place, message: `it is ${process.platform}`, fix: 'build images on Linux' };
  if (process.getuid?.() !== 0) return { place, message: 'images are built by root', fix: 'run it by sudo' };
  const tried = spawnSync('unshare', ['--mount', 'mount', '--bind', '/etc', '/etc'], { encoding: 'utf8' });
  if (tried.status === 0) return undefined;
  const why = tried.error?.message ?? tried.stderr.trim();
  return {
    place,
    message: `it does not let root mount (${why})`,
    fix: 'build images where it does, as on a virtual machine',
  };
}

/** Lends buildah of the need `containers`; it must be root. The steps of a build run in a chroot, so no container runtime is needed. @throws InputError on a machine that cannot */
export async function withBuildah<T>(root: string, use: (buildah: Buildah) => Promise<T>): Promise<T> {
  const fault = buildFault();
  if (fault !== undefined) throw new InputError([fault]);
  const work = await mkdtemp(join(tmpdir(), 'gridramp-image-'));
  try {
    const debian = join(folderOf(cacheRoot(), debianArtefact(root)), 'root');
    const cache = await linkerCache(debian, work);
    const etc = join(debian, 'etc', 'containers');
    const storage = ['--storage-driver', 'vfs', '--root', join(work, 'storage'), '--runroot', join(work, 'run')];
    const own = [...storage, '--registries-conf', join(etc, 'registries.conf')];
    const program = [join(debian, 'usr', 'bin', 'buildah'), ...own];
    const env = { ...process.env, BUILDAH_ISOLATION: 'chroot', TMPDIR: work };
    const ask = async (...args: string[]) => {
      const words = ['--mount', 'sh', '-c', WITH_LIBRARIES, cache, ...program, ...args];
      const { stdout } = await run('unshare', words, { cwd: root, env, maxBuffer: MOST_OUTPUT_BYTES });
      return stdout.trim();
    };
    return await use({ ask, work });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function linkerCache(debian: string, work: string): Promise<string> {
  const [conf, cache] = [join(work, 'ld.so.conf'), join(work, 'ld.so.cache')];
  const folders = ['usr/lib/x86_64-linux-gnu', 'lib/x86_64-linux-gnu'].map((folder) => join(debian, folder));
  await writeFile(conf, [...folders, 'include /etc/ld.so.conf', ''].join('\n'));
  await run('/sbin/ldconfig', ['-X', '-f', conf, '-C', cache]);
  return cache;
}
