import { readFile } from 'node:fs/promises';
import { filePolicies } from '../../policies/all.ts';
import type { RepositoryFile } from '../../policies/policy.ts';
import { git } from '../plan/git.ts';

/** Files of the working tree, as git knows or would add them, that a policy is about. Fixtures are wrong on purpose. */
export async function policedFiles(): Promise<RepositoryFile[]> {
  const { code, stdout, stderr } = git(['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  if (code !== 0) throw new Error(`git ls-files: ${stderr}`);
  const paths = [...new Set(stdout.toString('utf8').split('\0'))].filter(
    (path) => !path.startsWith('policies/fixtures/') && filePolicies.some(({ of }) => of.test(path)),
  );
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(path, 'utf8') })));
}
