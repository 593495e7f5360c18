import { spawnSync } from 'node:child_process';
import type { Fault } from '../core/input-error.ts';

/** What a container node is started in; it may as well be asked for without one. */
export const NAMESPACES = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'];

/** Why this machine can run no containers; undefined when it can. */
export function containerFault(): Fault | undefined {
  const place = 'pods as containers';
  if (process.platform !== 'linux')
    return { place, message: `they need Linux, and this is ${process.platform}`, fix: 'take process pods' };
  if (process.getuid?.() !== 0)
    return { place, message: 'they need root', fix: 'run it by sudo, or take process pods' };
  const { status, stderr, error } = spawnSync('unshare', [...NAMESPACES, 'ip', 'link', 'show'], { encoding: 'utf8' });
  if (status === 0) return undefined;
  const why = error?.message ?? stderr.trim();
  return {
    place,
    message: `they need the right to mount and to make namespaces, and the command ip (iproute2); this machine refuses (${why})`,
    fix: 'take process pods',
  };
}
