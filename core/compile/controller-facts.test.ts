import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { rules } from './audit/audit.ts';

const root = new URL('../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), 'utf8');

/** The tables of facts, without their heads; the policy for odd results after them has one of its own. */
const [page = ''] = read('docs/controller-facts.md').split('## One policy');
const facts = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (fact|---) \|/.test(line))
  .map((line) => {
    const [fact = '', here = '', named = '', held = ''] = line.slice(2, -2).split(' | ');
    return { fact, here, rules: named === '—' ? [] : named.split(', '), tests: held.split('; ') };
  });

test.each(facts)('$fact', ({ here, rules: named, tests }) => {
  expect(here).not.toBe('');
  const known = rules.map(({ rule }) => rule);
  for (const rule of named) expect(known).toContain(rule);
  for (const held of tests) {
    const [file = '', title = ''] = held.split(' › ');
    expect(existsSync(fileURLToPath(new URL(file, root))), file).toBe(true);
    expect(title).not.toBe('');
    expect(read(file), held).toContain(title);
  }
});

test('every rule of the audit closes a fact', () => {
  const named = new Set(facts.flatMap((fact) => fact.rules));
  expect(rules.map(({ rule }) => rule).filter((rule) => !named.has(rule))).toEqual([]);
});

test('Pulumi runs the program without a loader of its own', () => {
  expect(parse(read('Pulumi.yaml'))).toMatchObject({ runtime: { name: 'nodejs', options: { typescript: false } } });
});
