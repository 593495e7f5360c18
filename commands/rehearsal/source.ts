import { $ } from 'zx';

/** Which sources run; `commit` null outside a git checkout. */
export type Source = { commit: string | null; uncommitted_changes: boolean };

export async function sourceOf(root: string): Promise<Source> {
  const git = $({ cwd: root, quiet: true, nothrow: true });
  const head = await git`git rev-parse HEAD`;
  if (!head.ok) return { commit: null, uncommitted_changes: false };
  const status = await git`git status --porcelain`;
  return { commit: head.stdout.trim(), uncommitted_changes: status.stdout.trim() !== '' };
}
