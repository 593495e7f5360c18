import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditFiles } from './audit-files.ts';

const shipped = new URL('../../manifests/production/', import.meta.url);
const rollout = readFileSync(new URL('rollout-forecast.yaml', shipped), 'utf8');
const shadow = readFileSync(new URL('analysistemplate-forecast-shadow.yaml', shipped), 'utf8');

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
  expect(await said(rollout, shadow, 'kind: ConfigMap\napiVersion: v1')).toBe('2');
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
  const scaler = 'kind: HorizontalPodAutoscaler\nspec: {scaleTargetRef: {kind: Rollout, name: forecast}}';
  expect(await said(rollout, scaler)).toMatch(/^edited.yaml Rollout\/forecast: replicas-owned-twice: /);
});

test.each([
  ['no YAML', 'a: [', /^edited.yaml: .+; correct the YAML$/],
  ['another API', rollout.replace('v1alpha1', 'v2'), /; write apiVersion: argoproj.io\/v1alpha1$/],
  [
    'not its schema',
    rollout.replace('replicas: 2', 'replicas: many'),
    /spec\/replicas must be integer; .+ Rollout asks for$/,
  ],
])('%s is refused', async (_, text, message) => {
  expect(await said(text)).toMatch(message);
});
