import { readdir, readFile } from 'node:fs/promises';
import { $ } from 'zx';
import { InputError } from '../../core/input-error.ts';

/** The repository's files as one commit, or the working tree, has them; paths count from its root. */
export type Version = {
  /** What to call it in messages. */
  name: string;
  /** Null where there is no such file. */
  read: (file: string) => Promise<string | null>;
  /** Files of the root folder. */
  list: () => Promise<string[]>;
};

export const workingTree: Version = {
  name: 'the working tree',
  read: (file) =>
    readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    }),
  list: () => readdir('.'),
};

/** What git has at `ref`. Throws an InputError where git knows no such commit. */
export async function versionAt(ref: string): Promise<Version> {
  const git = $({ quiet: true, nothrow: true });
  // `--end-of-options`: a ref that begins with a dash is no flag.
  const found = await git`git rev-parse --verify --quiet --end-of-options ${`${ref}^{commit}`}`;
  const commit = found.stdout.trim();
  if (found.exitCode !== 0)
    throw new InputError([
      {
        place: '--against',
        message: `"${ref}" is no file, and git knows no such commit here`,
        fix: 'name a plan, a branch or a commit',
      },
    ]);
  return {
    name: ref,
    read: async (file) => {
      const shown = await git`git show ${`${commit}:${file}`}`;
      return shown.exitCode === 0 ? shown.stdout : null;
    },
    list: async () => (await git`git ls-tree --name-only ${commit}`).stdout.split('\n'),
  };
}
