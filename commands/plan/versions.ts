import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { codeOf } from '../../core/error-code.ts';
import { InputError } from '../../core/input-error.ts';
import { blobsOf, type ReadFile } from './blobs.ts';
import { git } from './git.ts';

/** The repository's files as one commit, or the working tree, has them; paths count from its root. */
export type Version = {
  /** What to call it in messages. */
  name: string;
  /** Null where there is no such file. */
  read: ReadFile;
  /** Files of the root folder. */
  list: () => Promise<string[]>;
};

/** A folder is no file, nor is what would lie in a file. */
const noFile: ReadonlySet<unknown> = new Set(['ENOENT', 'EISDIR', 'ENOTDIR']);

export const workingTree: Version = {
  name: 'the working tree',
  read: async (file) => {
    try {
      // Of hundreds of small files, waiting for each costs ten times what reading does (docs/plan-speed.md).
      return readFileSync(file, 'utf8');
    } catch (error) {
      if (noFile.has(codeOf(error))) return null;
      throw error;
    }
  },
  list: () => readdir('.'),
};

/** What git has at `ref`. Throws an InputError where git knows no such commit. */
export async function versionAt(ref: string): Promise<Version> {
  const commit = commitOf(ref);
  if (commit === null) {
    const is_file = (await workingTree.read(ref)) !== null;
    throw new InputError([
      {
        place: '--against',
        message: `"${ref}" is ${is_file ? 'a' : 'no'} file, and git knows no such commit here`,
        fix: is_file ? 'name the plan that it is compared with by --file' : 'name a plan, a branch or a commit',
      },
    ]);
  }
  return {
    name: ref,
    read: blobsOf(commit),
    list: async () => namesAt(commit),
  };
}

/** The branch that changes are merged into, as this clone has it. Throws an InputError where it has none. */
export function mainBranch(): string {
  const found = ['main', 'origin/main'].find((ref) => commitOf(ref) !== null);
  if (found !== undefined) return found;
  const message = 'is not given, and git knows neither main nor origin/main here';
  throw new InputError([{ place: '--against', message, fix: 'name a branch or a commit, or a plan by --file' }]);
}

function commitOf(ref: string): string | null {
  // `--end-of-options`: a ref that begins with a dash is no flag.
  const { code, stdout } = git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]);
  return code === 0 ? stdout.toString('utf8').trim() : null;
}

/** Files of this folder that the working tree has otherwise than a commit, or has and the commit does not, or the other way round. */
export function changedSince(ref: string): string[] {
  const tracked = names(['diff', '--name-only', '--no-renames', '--relative', '-z', '--end-of-options', ref, '--']);
  return [...tracked, ...names(['ls-files', '--others', '--exclude-standard', '-z'])];
}

function names(command: readonly string[]): string[] {
  const { code, stdout, stderr } = git(command);
  if (code !== 0) throw new Error(`git ${command.join(' ')}: ${stderr}`);
  return stdout.toString('utf8').split('\0').filter(Boolean);
}

/** Files and folders of a commit's root. */
function namesAt(commit: string): string[] {
  const { code, stdout, stderr } = git(['ls-tree', '--name-only', commit]);
  if (code !== 0) throw new Error(`git does not list ${commit}: ${stderr}`);
  return stdout.toString('utf8').split('\n').filter(Boolean);
}
