import { posix } from 'node:path';
import type { FilePolicy, RepositoryFile } from '../policy.ts';
import { type Line, linesOf } from './lines.ts';

export const goSums: FilePolicy = {
  name: 'go-modules-by-hash',
  asks: 'Beside every go.mod lies a go.sum with the hash of each module that it names.',
  of: /(^|\/)go\.(mod|sum)$/,
  violations: (files) =>
    files
      .filter(({ path }) => path.endsWith('go.mod'))
      .flatMap((file) => {
        const beside = posix.join(posix.dirname(file.path), 'go.sum');
        return unproven(file, provenIn(files.find(({ path }) => path === beside)?.text ?? ''));
      }),
};

/** Each as `MODULE VERSION`; of modules that nothing is built from there is only the hash of their go.mod. */
function provenIn(sums: string): Set<string> {
  return new Set(
    sums.split('\n').map((line) =>
      line
        .split(' ')
        .slice(0, 2)
        .join(' ')
        .replace(/\/go\.mod$/, ''),
    ),
  );
}

type Module = { line: string; name: string; version: string };

function unproven({ path, text }: RepositoryFile, proven: ReadonlySet<string>) {
  const lines = linesOf(text);
  const replacements = new Map(lines.flatMap(replacementIn));
  return lines
    .flatMap(requiredIn)
    .map(({ line, name, version }) => ({ line, module: replacements.get(name) ?? `${name} ${version}` }))
    .filter(({ module }) => module !== A_FOLDER && !proven.has(module))
    .map(({ line, module }) => ({
      file: path,
      place: line,
      reason: `nothing proves that ${module} is what was reviewed`,
      fix: 'run go mod tidy, and commit go.sum',
    }));
}

const A_FOLDER = 'a folder of the repository';

function replacementIn({ text }: Line): [string, string][] {
  const [, name = '', by = ''] = /^(?:replace )?\s*(\S+).* => (.*)/.exec(text) ?? [];
  const [module] = /^\S+ v\d\S*/.exec(by) ?? [];
  return name === '' ? [] : [[name, module ?? A_FOLDER]];
}

function requiredIn({ number, text }: Line): Module[] {
  const [, name, version = ''] = /^(?:require )?\s*(\S+\.\S+) (v\d\S*)/.exec(text) ?? [];
  return name === undefined || text.includes(' => ') ? [] : [{ line: number, name, version }];
}
