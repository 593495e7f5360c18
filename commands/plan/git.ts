import { spawnSync } from 'node:child_process';

/** What a git command ended with. Not by zx, which takes as long to load as the whole of it (docs/plan-speed.md). */
export type GitAnswer = { code: number | null; stdout: Buffer; stderr: string };

/** Plans and stacks of thousands of services are megabytes; what is larger is no text that a person wrote. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Runs git in the folder of the command; throws only where there is no git. */
export function git(args: readonly string[], input = ''): GitAnswer {
  const { status, stdout, stderr, error } = spawnSync('git', args, { input, maxBuffer: MOST_BYTES });
  if (error !== undefined) throw error;
  return { code: status, stdout, stderr: stderr.toString('utf8').trim() };
}
