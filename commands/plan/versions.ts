import { readdir, readFile } from 'node:fs/promises';
import { $, type ProcessOutput } from 'zx';
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

/** A folder is no file, nor is what would lie in a file. */
const noFile: ReadonlySet<unknown> = new Set(['ENOENT', 'EISDIR', 'ENOTDIR']);

export const workingTree: Version = {
  name: 'the working tree',
  read: (file) =>
    readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (noFile.has(error.code)) return null;
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
      // From the folder of the command, as the file's name is; `--` and what follows is a path, whatever it looks like.
      const [entry] = lines(await git`git ls-tree --full-name ${commit} -- ${file}`);
      const [, type, blob] = entry?.split(/\s/) ?? [];
      if (type !== 'blob' || blob === undefined) return null;
      const shown = await git`git cat-file blob ${blob}`;
      if (shown.exitCode !== 0) throw new Error(`git has no contents of ${file} at ${ref}: ${shown.stderr}`);
      return shown.stdout;
    },
    list: async () => lines(await git`git ls-tree --name-only ${commit}`),
  };
}

/** What git listed; throws where it could not, as for a path outside of its repository. */
function lines({ exitCode, stdout, stderr }: ProcessOutput): string[] {
  if (exitCode !== 0)
    throw new InputError([{ place: '--against', message: stderr.trim(), fix: 'name files of this repository' }]);
  return stdout.split('\n').filter((line) => line !== '');
}
