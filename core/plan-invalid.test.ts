/** Invalid plans, one per rule: test/plans/invalid/NAME.yaml begins with why it is one, NAME.txt has every fault that is told of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import schema from './plan.schema.json' with { type: 'json' };
import { parsePlan } from './plan.ts';

const core = new URL('./', import.meta.url);
const folder = new URL('../test/plans/invalid/', import.meta.url);
const filesOf = (ending: string) => readdirSync(folder).filter((file) => file.endsWith(ending));
const names = filesOf('.yaml').map((file) => basename(file, '.yaml'));
const textOf = (name: string) => readFileSync(new URL(`${name}.yaml`, folder), 'utf8');
const expectedOf = (name: string) => readFileSync(new URL(`${name}.txt`, folder), 'utf8').trimEnd();

function faultsOf(name: string): string {
  try {
    parsePlan(textOf(name), `${name}.yaml`);
    return 'none';
  } catch (error) {
    return String(error).replace(/^InputError: /, '');
  }
}

test.each(names)('%s', (name) => {
  expect(textOf(name)).toMatch(/^# .+\.\n|^# .+[?]\n/);
  expect(faultsOf(name)).toBe(expectedOf(name));
});

test('every plan has its expectation, and every expectation its plan', () => {
  expect(filesOf('.txt').map((file) => basename(file, '.txt'))).toEqual(names);
  expect(names.length).toBeGreaterThanOrEqual(40);
});

test('every keyword of the schema that can fail does in one of them', () => {
  const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);
  const failed = new Set(
    names.flatMap((name) => {
      if (/^\S+:\d+:\d+:/.test(expectedOf(name))) return [];
      validate(parse(textOf(name)));
      return (validate.errors ?? []).map(({ keyword }) => keyword);
    }),
  );
  expect([...keywordsOf(schema)].filter((keyword) => !failed.has(keyword))).toEqual([]);
});

const silent = new Set(['$schema', '$id', '$defs', '$ref', 'title', 'description', 'default', 'examples']);
const holders = new Set(['properties', '$defs']);

/** Keywords of a schema and of the schemas in it, without those that only annotate or contain. */
function keywordsOf(node: unknown, is_names = false): Set<string> {
  if (Array.isArray(node)) return new Set(node.flatMap((part) => [...keywordsOf(part)]));
  if (node === null || typeof node !== 'object') return new Set();
  return new Set(
    Object.entries(node).flatMap(([key, value]) => {
      const own = is_names || silent.has(key) || ['properties', 'items'].includes(key) ? [] : [key];
      return [...own, ...keywordsOf(value, !is_names && holders.has(key))];
    }),
  );
}

const expectations = names.map(expectedOf).join('\n');

test.each(readdirSync(core).filter((file) => /^plan-[a-z]+\.ts$/.test(file)))(
  'every message of %s is expected',
  (file) => {
    const unseen = messagesIn(file).filter((message) => !message.test(expectations));
    expect(unseen).toEqual([]);
  },
);

/** What a file's checks can say: every text under a key `message`, its values left open. */
function messagesIn(file: string): RegExp[] {
  const source = ts.createSourceFile(file, readFileSync(new URL(file, core), 'utf8'), ts.ScriptTarget.Latest);
  const found: RegExp[] = [];
  const visit = (node: ts.Node, in_message: boolean): void => {
    if (in_message && ts.isStringLiteral(node)) found.push(open([node.text]));
    else if (in_message && ts.isTemplateExpression(node))
      found.push(open([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)]));
    else {
      const is_message = ts.isPropertyAssignment(node) && node.name.getText(source) === 'message';
      ts.forEachChild(node, (child) => visit(child, in_message || is_message));
    }
  };
  visit(source, false);
  return found;
}

function open(texts: readonly string[]): RegExp {
  return new RegExp(texts.map((text) => escaped(text)).join('.*'));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
