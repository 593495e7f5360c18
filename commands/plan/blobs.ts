import { relative, resolve } from 'node:path';
import { InputError } from '../../core/input-error.ts';
import { git } from './git.ts';

/** Contents of a file, by a path from the folder of the command; null where the commit has no such file. */
export type ReadFile = (file: string) => Promise<string | null>;

/**
 * Reads files of a commit. What is asked for in one turn of the event loop is asked of one git process, and nothing twice: of 200 services
 * with three files each, a process a file would take 20 s.
 */
export function blobsOf(commit: string): ReadFile {
  const known = new Map<string, Promise<string | null>>();
  let waiting: { file: string; found: PromiseWithResolvers<string | null> }[] = [];
  const ask = () => {
    const asked = waiting;
    waiting = [];
    try {
      const texts = readAll(
        commit,
        asked.map(({ file }) => file),
      );
      for (const [index, { found }] of asked.entries()) found.resolve(texts[index] ?? null);
    } catch (error) {
      for (const { found } of asked) found.reject(error);
    }
  };
  return (file) => {
    const path = relative(process.cwd(), resolve(file));
    const before = known.get(path);
    if (before !== undefined) return before;
    const found = Promise.withResolvers<string | null>();
    known.set(path, found.promise);
    if (waiting.length === 0) setImmediate(ask);
    waiting.push({ file: path, found });
    return found.promise;
  };
}

/** In the order of `files`. */
function readAll(commit: string, files: readonly string[]): (string | null)[] {
  // A line is a request: no file that is asked for here has a name of two.
  const input = files.map((file) => `${commit}:./${file.replaceAll('\n', '/')}\n`).join('');
  const { code, stdout, stderr } = git(['cat-file', '--batch', '--buffer'], input);
  if (code !== 0) throw new InputError([{ place: '--against', message: stderr, fix: 'name files of this repository' }]);
  return blobsIn(stdout, files.length);
}

/** Reads `count` answers of the form "DIGEST TYPE SIZE", the contents and a line's end; or one line for what is not there. */
function blobsIn(bytes: Buffer, count: number): (string | null)[] {
  let at = 0;
  return Array.from({ length: count }, () => {
    const end = bytes.indexOf('\n', at);
    const [, type, size] = /^[0-9a-f]+ (blob|tree|commit|tag) (\d+)$/.exec(bytes.toString('utf8', at, end)) ?? [];
    at = end + 1;
    if (size === undefined) return null;
    const contents = bytes.toString('utf8', at, at + Number(size));
    at += Number(size) + 1;
    return type === 'blob' ? contents : null;
  });
}
