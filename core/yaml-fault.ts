import {
  type Alias,
  type ErrorCode,
  isCollection,
  isNode,
  isScalar,
  type Node,
  visit,
  type YAMLParseError,
  type YAMLWarning,
} from 'yaml';
import type { Fault } from './input-error.ts';
import type { YamlSource } from './plan-file.ts';

type Words = { message: string; fix: string };

/** What people slip on most; the parser's own words stand in for the rest. */
const wordsBy: Partial<Record<ErrorCode, Words>> = {
  TAB_AS_INDENT: { message: 'a tab indents this line, and YAML knows no tabs', fix: 'indent by spaces' },
  MULTIPLE_DOCS: { message: 'a second document begins here', fix: 'remove "---" and what follows; a file is one' },
  MISSING_CHAR: {
    message: 'a quote, a bracket, a comma or a colon is missing here',
    fix: 'close what is open, and end a key by ": "',
  },
  BAD_INDENT: {
    message: 'this line is indented otherwise than those that it belongs to',
    fix: 'align it with them, by spaces',
  },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'a ": " stands within a value: a second key on its line, or a line that is indented too far',
    fix: 'give each key a line of its own in the column of the others, or quote the text',
  },
  MULTILINE_IMPLICIT_KEY: { message: 'a key goes over several lines', fix: 'end it by ": " on its own line' },
  UNEXPECTED_TOKEN: {
    message: 'this sign has no meaning here',
    fix: 'remove it, or quote the text that it is part of',
  },
  BAD_SCALAR_START: { message: 'no text begins with this sign', fix: 'quote the text' },
  BAD_DQ_ESCAPE: {
    message: 'there is no such escape within double quotes',
    fix: 'write the backslash twice, or take single quotes',
  },
  BAD_ALIAS: { message: 'this is no name of an alias', fix: 'write the value out; quote a text that begins with "*"' },
};

/**
 * What the parser found, in words that a file's author can act on. After a tab, or a quote or bracket that is never closed, the rest is misread:
 * then only that is told.
 */
export function yamlFaults(source: YamlSource, errors: readonly (YAMLParseError | YAMLWarning)[]): Fault[] {
  const tabs = errors.filter(({ code }) => code === 'TAB_AS_INDENT');
  const told = tabs.length > 0 ? tabs : errors;
  const opened = told.flatMap(({ code, pos }) =>
    code === 'MISSING_CHAR' || code === 'BAD_INDENT' ? (openedBefore(source, pos[0]) ?? []) : [],
  );
  if (opened[0] !== undefined) return [{ place: placeAt(source, opened[0]), ...neverClosed }];
  // What follows at the same place only follows.
  const first = told.filter(({ pos }, index) => told.findIndex((other) => other.pos[0] === pos[0]) === index);
  return first.map(({ code, message, pos: [offset] }) => {
    const words = code === 'DUPLICATE_KEY' ? twice(source, offset) : (tagged(code, message) ?? wordsBy[code]);
    return { place: placeAt(source, offset), ...(words ?? { message, fix: 'correct the YAML' }) };
  });
}

const neverClosed: Words = { message: 'what begins here is never closed', fix: 'close the quote or the bracket' };

/** The begin of the quote or the bracket that should have ended at an offset, the innermost one. */
function openedBefore({ document }: YamlSource, offset: number): number | null {
  let begin: number | null = null;
  visit(document, {
    Node: (_key, node) => {
      const [from, to] = node.range ?? [0, 0];
      const opens = isScalar(node) ? node.type?.startsWith('QUOTE') : isCollection(node) && node.flow === true;
      if (opens && from < offset && offset <= to) begin = from;
    },
  });
  return begin;
}

const unsupported = 'is not supported here';

/** A tag that stands for a type of another language. */
function tagged(code: ErrorCode, message: string): Words | undefined {
  if (code !== 'TAG_RESOLVE_FAILED') return;
  const tag = /tag:? (\S+)/.exec(message)?.[1]?.replace('tag:yaml.org,2002:', '!!') ?? 'this';
  return {
    message: `the tag ${tag} ${unsupported}`,
    fix: 'remove it, and write the value as a text, a list or a mapping',
  };
}

/** What is YAML and yet no plain data: aliases that cannot be followed, merge keys, and keys that are lists or mappings. */
export function unreadableFaults(source: YamlSource): Fault[] {
  const { document } = source;
  const faults: Fault[] = [];
  const add = (node: Node, words: Words) => faults.push({ place: placeAt(source, node.range?.[0] ?? 0), ...words });
  visit(document, {
    Alias: (_key, alias, path) => {
      const words = aliasWords(alias, alias.resolve(document), path);
      if (words !== undefined) add(alias, words);
    },
    Pair: (_key, { key }) => {
      if (isCollection(key)) add(key, collectionKey);
      else if (isScalar(key) && key.value === '<<' && key.type === 'PLAIN') add(key, mergeKey);
    },
  });
  return faults;
}

const collectionKey: Words = {
  message: 'a list or a mapping stands in place of a key',
  fix: 'write the key as a text; quote a text that begins with "{" or "["',
};

const mergeKey: Words = {
  message: `the merge key << ${unsupported}`,
  fix: 'write out what it would repeat, or repeat single values by *NAME',
};

/** Why an alias cannot be followed: it is of no anchor, or of one that it is part of. */
function aliasWords({ source: name }: Alias, target: Node | undefined, path: readonly unknown[]): Words | undefined {
  if (target === undefined)
    return {
      message: `*${name} repeats nothing: no &${name} stands before it`,
      fix: 'write the value out; quote a text that begins with "*"',
    };
  if (path.includes(target)) return { message: `*${name} stands within &${name} itself`, fix: 'write the value out' };
  return;
}

/** Aliases that all together expand to too much, told where the most of it is repeated. */
export function aliasBomb(source: YamlSource, most: number): Fault {
  const { document } = source;
  const inside = new Map<Node, number>();
  let worst: { alias?: Alias; copies: number } = { copies: 0 };
  // An anchor stands before its aliases, so what it expands to is counted by then.
  visit(document, {
    Alias: (_key, alias, path) => {
      const target = alias.resolve(document);
      const copies = 1 + (target === undefined ? 0 : (inside.get(target) ?? 0));
      for (const above of path) if (isNode(above)) inside.set(above, (inside.get(above) ?? 0) + copies);
      if (copies > worst.copies) worst = { alias, copies };
    },
  });
  const { alias } = worst;
  return {
    place: placeAt(source, alias?.range?.[0] ?? 0),
    message: `the aliases of this file repeat more than ${most} values, *${alias?.source} the most of them`,
    fix: 'write the values out',
  };
}

/** Which key it is, and where it stands already. */
function twice(source: YamlSource, offset: number): Words {
  let words: Words = { message: 'this key is written twice', fix: 'remove one of the two' };
  visit(source.document, {
    Map: (_key, { items }) => {
      const again = items.find(({ key }) => isNode(key) && key.range?.[0] === offset);
      const first = items.find(({ key }) => String(key) === String(again?.key));
      if (again === undefined || !isNode(first?.key)) return;
      const { line } = source.lines.linePos(first.key.range?.[0] ?? 0);
      words = { ...words, message: `"${again.key}" is written twice, first in line ${line}` };
    },
  });
  return words;
}

function placeAt({ lines, file }: YamlSource, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${file}:${line}:${col}`;
}
