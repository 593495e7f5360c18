import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditFiles } from './audit-files.ts';

const shipped = new URL('../../manifests/production/', import.meta.url);
const rollout = readFileSync(new URL('rollout-forecast.yaml', shipped), 'utf8');
const shadow = readFileSync(new URL('analysistemplate-forecast-shadow.yaml', shipped), 'utf8');

const configMap = 'kind: ConfigMap\napiVersion: v1';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gridramp-audit-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What is said of a file of these documents. */
async function said(...documents: string[]): Promise<string> {
  const file = path.join(folder, 'edited.yaml');
  writeFileSync(file, documents.join('\n---\n'));
  return await auditFiles([file]).then(String, (error: Error) => error.message.replaceAll(file, 'edited.yaml'));
}

test('shipped objects hold no trap, and kinds without a rule are not judged', async () => {
  expect(await said(rollout, shadow)).toBe('2 objects judged, none holds a trap');
  expect(await said(shadow, configMap)).toBe(
    '1 object judged, it holds no trap; 1 not judged, of kinds without rules: ConfigMap',
  );
  expect(await said(configMap)).toMatch(/^nothing judged: no object of a kind that has rules, .+ only ConfigMap$/);
});

const trapped = shadow.replace('failureLimit: 0', 'failureLimit: -1');
const indented = trapped
  .replaceAll(/^/gm, '    ')
  .replace(/^ {4}# .*\n/, '')
  .replace('    ', '  - ');

test.each([
  ['a List', `apiVersion: v1\nkind: List\nitems:\n${indented}`],
  ['an array', indented],
  [
    'a list of one kind, whose items need not say it',
    `apiVersion: argoproj.io/v1alpha1\nkind: AnalysisTemplateList\nitems:\n${indented.replace(/apiVersion: .*\n {4}kind: .*\n {4}/, '')}`,
  ],
])('a trap within %s is found', async (_, text) => {
  expect(await said(text)).toMatch(
    /^edited.yaml AnalysisTemplate\/forecast-shadow metrics\[backtest\]: limit-left-out: /,
  );
});

test('a template that a person edited is told each of its traps, with its metric', async () => {
  const edited = shadow
    .replace('failureLimit: 0', 'failureLimit: -1')
    .replaceAll('{{args.stable-hash}}', '{{args.old}}');
  expect((await said(edited)).split('\n').map((line) => line.slice(0, 85))).toEqual([
    'edited.yaml AnalysisTemplate/forecast-shadow: undeclared-argument: a query names an a',
    'edited.yaml AnalysisTemplate/forecast-shadow metrics[backtest]: limit-left-out: limit',
  ]);
});

test('an autoscaler beside the Rollout is seen', async () => {
  const scaler =
    'kind: HorizontalPodAutoscaler\napiVersion: autoscaling/v2\nspec: {scaleTargetRef: {kind: Rollout, name: forecast}}';
  expect(await said(rollout, scaler)).toMatch(/^edited.yaml Rollout\/forecast: replicas-owned-twice: /);
});

test.each([
  ['no YAML', 'a: [', /^edited.yaml:1:4: what begins here is never closed; /],
  ['an empty file', '', /^edited.yaml: has no object; /],
  ['an empty List', 'kind: List\napiVersion: v1\nitems: []', /^edited.yaml: has no object; /],
  ['a text', 'hello', /^edited.yaml:1:1: "hello" is no Kubernetes object; /],
  [
    'an object of no kind',
    `${shadow}\n---\na: b`,
    /^edited.yaml:\d+:1: this object lacks its kind or its apiVersion; /,
  ],
  ['a kind in small letters', shadow.replace('kind: A', 'kind: a'), /; did you mean "AnalysisTemplate"\?$/],
  ['another API', rollout.replace('v1alpha1', 'v2'), /; write apiVersion: argoproj.io\/v1alpha1$/],
  [
    'not its schema',
    rollout.replace('replicas: 2', 'replicas: many'),
    /^edited.yaml:2:1 Rollout\/forecast: spec\/replicas must be integer; .+ Rollout asks for$/,
  ],
])('%s is refused', async (_, text, message) => {
  expect(await said(text)).toMatch(message);
});

test('a folder is no file', async () => {
  await expect(auditFiles([folder])).rejects.toThrow(/cannot be read: it is a folder; /);
});
