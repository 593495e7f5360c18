import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { filePolicies, objectPolicies, policyNames, stackPolicies } from './all.ts';
import { type KubernetesObject, nameOf, type Violation } from './policy.ts';
import { parsePolicySettings } from './settings.ts';
import { findingText } from './verdict.ts';

const folder = join(import.meta.dirname, 'fixtures');
const fixture = (name: string) => readFileSync(join(folder, name), 'utf8');
const settings = parsePolicySettings(
  readFileSync(join(import.meta.dirname, 'settings.yaml'), 'utf8'),
  'settings.yaml',
  policyNames,
);

const objectsIn = (text: string): KubernetesObject[] => parseAllDocuments(text).map((document) => document.toJS());
const filesIn = (text: string) => Object.entries<string>(parse(text)).map(([path, its]) => ({ path, text: its }));

/** Each policy by itself, on the text of a fixture. */
const judges: [string, (text: string) => (Violation & { subject: string })[]][] = [
  ...objectPolicies.map(({ name, violations }): (typeof judges)[number] => [
    name,
    (text) =>
      objectsIn(text).flatMap((object) =>
        violations(object, settings).map((each) => ({ ...each, subject: nameOf(object) })),
      ),
  ]),
  ...stackPolicies.map(({ name, violations }): (typeof judges)[number] => [
    name,
    (text) => violations(objectsIn(text), settings).map(({ object, ...each }) => ({ ...each, subject: object })),
  ]),
  ...filePolicies.map(({ name, of, violations }): (typeof judges)[number] => [
    name,
    (text) =>
      violations(filesIn(text).filter(({ path }) => of.test(path))).map(({ file, ...each }) => ({
        ...each,
        subject: file,
      })),
  ]),
];

test.each(judges)('%s: its passing fixture passes', (name, judge) => {
  expect(judge(fixture(`${name}.pass.yaml`))).toEqual([]);
});

test.each(judges)('%s: its failing fixture fails, and says where, why and what to do', async (name, judge) => {
  const told = judge(fixture(`${name}.fail.yaml`)).map(
    (each) => `${each.subject} ${findingText({ ...each, policy: name })}\n`,
  );
  expect(told).not.toEqual([]);
  await expect(told.join('')).toMatchFileSnapshot(join(folder, `${name}.fail.txt`));
});

test('every fixture is a policy’s, and no two policies have one name', () => {
  const named = policyNames.flatMap((name) => ['fail.txt', 'fail.yaml', 'pass.yaml'].map((end) => `${name}.${end}`));
  expect(readdirSync(folder).sort()).toEqual(named.sort());
});

test('docs/policies.md lists every policy, with what it asks for', () => {
  const rows = [...objectPolicies, ...stackPolicies, ...filePolicies].map(({ name, asks }) => `| ${name} | ${asks} |`);
  const docs = readFileSync(join(import.meta.dirname, '..', 'docs', 'policies.md'), 'utf8');
  expect(docs.split('\n').filter((line) => /^\| [\w-]+ \| [A-Z]/.test(line))).toEqual(rows);
});
