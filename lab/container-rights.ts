import { spawnSync } from 'node:child_process';

/** What a container node is started in; it may as well be asked for without one. */
export const NAMESPACES = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Why this machine can run no containers, as a whole sentence; undefined when it can. */
export function containerFault(): string | undefined {
  if (process.platform !== 'linux') return `Containers need Linux, and this is ${process.platform}.`;
  if (process.getuid?.() !== 0) return 'Containers need root: run it by sudo, or take process pods (--pods process).';
  const { status, stderr, error } = spawnSync('unshare', [...NAMESPACES, 'ip', 'link', 'show'], { encoding: 'utf8' });
  if (status === 0) return undefined;
  const why = error?.message ?? stderr.trim();
  return `Containers need the right to mount and to make namespaces, and the command ip (iproute2); this machine refuses (${why}): take process pods (--pods process).`;
}
