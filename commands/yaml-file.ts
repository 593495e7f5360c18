import { readFile } from 'node:fs/promises';
import { type Document, isMap, isNode, LineCounter, parseAllDocuments } from 'yaml';
import { codeOf } from '../core/error-code.ts';
import { InputError } from '../core/input-error.ts';
import { yamlFaults } from '../core/yaml-fault.ts';
import { refuseDeepNesting } from '../core/yaml-nesting.ts';
import { yamlValue } from '../core/yaml-value.ts';

const MOST_BYTES = 64 * 2 ** 20;

/** A YAML document with the positions of what is in it. */
export type Source = {
  value: unknown;
  /** `FILE:LINE:COLUMN path` of a value in it; of the nearest thing above it where it has none. */
  placeOf: (path: readonly (string | number)[]) => string;
};

/** A file that a flag names. Throws an InputError where it cannot be read. */
export async function readInput(flag: string, file: string): Promise<string> {
  try {
    const contents = await readFile(file);
    if (contents.length <= MOST_BYTES) return contents.toString('utf8');
  } catch (cause) {
    const message = `"${file}" cannot be read: ${whyUnread(cause)}`;
    throw new InputError([{ place: flag, message, fix: 'name a file that is there' }], { cause });
  }
  const message = `"${file}" has more than ${MOST_BYTES / 2 ** 20} MiB`;
  throw new InputError([{ place: flag, message, fix: 'leave out series or time that no query needs' }]);
}

/** What the system says by a code, in words. */
const unread = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'there is no such file'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'its permissions forbid it'],
]);

function whyUnread(cause: unknown): string {
  const code = String(codeOf(cause) ?? '');
  return unread.get(code) ?? (cause instanceof Error ? cause.message : String(cause));
}

/** The documents of a YAML or JSON file. Throws an InputError with every fault of its syntax. */
export function parseYaml(text: string, file: string): Source[] {
  refuseDeepNesting(text, file);
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (!Array.isArray(documents)) return [];
  const faults = documents.flatMap((document) => yamlFaults({ document, lines, file }, document.errors));
  if (faults.length > 0) throw new InputError(faults);
  return documents.map((document) => ({
    value: yamlValue({ document, lines, file }),
    placeOf: (path) => {
      const { line, col } = lines.linePos(offsetOf(document, path));
      return `${file}:${line}:${col} ${path.join('.')}`.trimEnd();
    },
  }));
}

/** Where a key is written, or an item of a list begins. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
  if (path.length === 0) return document.contents?.range?.[0] ?? 0;
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isMap(parent))
    for (const { key } of parent.items) if (isNode(key) && String(key) === String(last)) return key.range?.[0] ?? 0;
  const node = document.getIn(path, true);
  return isNode(node) ? (node.range?.[0] ?? 0) : offsetOf(document, path.slice(0, -1));
}
