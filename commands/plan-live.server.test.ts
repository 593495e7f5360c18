import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { gatesFor } from '../analysis/gates.ts';
import { compile } from '../core/compile/compile.ts';
import { exampleTarget as target } from '../core/compile/example-target.ts';
import { exitCode } from '../core/exit.ts';
import { parsePlan } from '../core/plan.ts';
import { POD_HASH_LABEL, RELEASE_ANNOTATION } from '../core/workload.ts';
import { planRecord } from '../stacks/plan-record.ts';

const folder = mkdtempSync(join(tmpdir(), 'gridramp-plan-live-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = 'rollouts/forecast.yaml';
const shipped = readFileSync(file, 'utf8');
const plan = parsePlan(shipped, file);
const compiled = compile(plan, gatesFor(target), target);
const scoring = {
  ...{ scorer_image: 's', recomputer_image: 'm', data: { emptyDir: {} }, database: 'sqlite' as const },
  ...{ stable_url: 'http://stable', canary_url: 'http://canary', recompute_url: 'http://recompute' },
};
const stable_release = `sha256:${'a'.repeat(64)}`;

type Paths = Record<string, unknown>;

/** A cluster that applied the shipped plan: `status` is the Rollout's, `failed` the pod hashes whose analysis failed. */
function cluster(status: object, failed: string[] = []): Paths {
  const argo = `/apis/argoproj.io/v1alpha1/namespaces/forecast`;
  const revision = (hash: string, release: string) => ({
    metadata: { name: hash, labels: { [POD_HASH_LABEL]: hash } },
    spec: { template: { metadata: { annotations: { [RELEASE_ANNOTATION]: release } } } },
  });
  return {
    [`${argo}/rollouts/forecast`]: { ...compiled.rollout, status },
    [`${argo}/analysistemplates`]: { items: compiled.analysisTemplates },
    [`${argo}/analysisruns`]: {
      items: failed.map((hash) => ({
        metadata: { name: hash, labels: { [POD_HASH_LABEL]: hash } },
        status: { phase: 'Failed' },
      })),
    },
    '/apis/apps/v1/namespaces/forecast/replicasets?labelSelector=app%3Dforecast': {
      items: [revision('stable', stable_release), revision('canary', target.release)],
    },
    '/api/v1/namespaces/forecast/configmaps/forecast-plan': planRecord(plan, shipped, { target, scoring }),
  };
}

const running = {
  ...{ phase: 'Progressing', stableRS: 'stable', currentPodHash: 'canary', currentStepIndex: 9 },
  canary: { weights: { canary: { weight: 25 } } },
};
const aborted = { ...running, phase: 'Degraded', abort: true, canary: { weights: { canary: { weight: 0 } } } };
const settled = { phase: 'Healthy', stableRS: 'canary', currentPodHash: 'canary', currentStepIndex: 19 };

let server: Server | undefined;
afterEach(() => server?.close());

async function reviewed(paths: Paths, edits: readonly (readonly [string, string])[], ...args: string[]) {
  server = createServer((request, response) => {
    const found = paths[request.url ?? ''];
    response.statusCode = found === undefined ? 404 : typeof found === 'number' ? found : 200;
    response.end(JSON.stringify(found ?? {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const kubeconfig = join(folder, 'kubeconfig');
  const cluster = { name: 'c', cluster: { server: url, 'insecure-skip-tls-verify': true } };
  const context = { name: 'c', context: { cluster: 'c', user: 'u', namespace: 'forecast' } };
  const config = { clusters: [cluster], users: [{ name: 'u', user: {} }], contexts: [context], 'current-context': 'c' };
  writeFileSync(kubeconfig, JSON.stringify({ apiVersion: 'v1', kind: 'Config', ...config }));
  let text = shipped;
  for (const [old, replacement] of edits) {
    expect(text).toContain(old);
    text = text.replace(old, replacement);
  }
  const edited = join(folder, 'plan.yaml');
  writeFileSync(edited, text);
  const command = ['commands/plan.ts', '--against', 'live', '--kubeconfig', kubeconfig, '--file', edited, ...args];
  const child = spawn(process.execPath, command);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  const [code] = await once(child, 'close');
  return { code, lines: output.trim().split('\n') };
}

const more = [['- ramp: 10%', '- ramp: 12%']] as const;

test('a running release is told how far it would be thrown back', async () => {
  const { code, lines } = await reviewed(cluster(running), more);
  expect(code).toBe(exitCode.ok);
  expect(lines.filter((line) => /resets-release|clears-abort|waits/.test(line))).toEqual([
    expect.stringMatching(
      /Resets the running release sha256:\w{12} from ramp-25 \(25 % of the stations\) to step 0: .*shadow of 14d begins again/,
    ),
  ]);
});

test('where no release runs, new steps wait for the next one', async () => {
  const { code, lines } = await reviewed(cluster(settled, ['canary']), more);
  expect(code).toBe(exitCode.ok);
  expect(lines.filter((line) => /resets-release|clears-abort|waits|refuses/.test(line))).toEqual([
    expect.stringContaining(
      'serves every station): no effect until the image or the model changes. [waits-for-release]',
    ),
  ]);
});

test('an aborted release is refused, until the plan says why it is tried again', async () => {
  const refused = await reviewed(cluster(aborted, ['canary']), more);
  expect(refused.code).toBe(exitCode.refused);
  expect(refused.lines.join('\n')).toMatch(/Refused: sha256:\w{12} was aborted.*\[refuses-aborted\]/);
  expect(refused.lines.join('\n')).toMatch(/Clears the abort of sha256:\w{12}: .* \[clears-abort\]/);
  server?.close();
  const acknowledge = `acknowledge: { "${target.release}": "the feed was broken, not the model" }\nrehearsal:`;
  const tried = await reviewed(cluster(aborted, ['canary']), [...more, ['\nrehearsal:', `\n${acknowledge}`]]);
  expect(tried.code).toBe(exitCode.ok);
  expect(tried.lines.join('\n')).toMatch(/on purpose: "the feed was broken, not the model"\. \[acknowledges-abort\]/);
});

test('an abort is remembered after the revert: by the run that failed and the revision it judged', async () => {
  const { code } = await reviewed(cluster({ ...running, currentPodHash: 'stable' }, ['canary']), []);
  expect(code).toBe(exitCode.refused);
});

test('what was edited by hand is named', async () => {
  const paths = cluster(settled);
  const [rollouts] = Object.keys(paths);
  const steps = [{ setWeight: 100 }];
  const edited = { ...compiled.rollout, spec: { ...compiled.rollout.spec, strategy: { canary: { steps } } } };
  paths[rollouts ?? ''] = { ...edited, status: settled };
  const { lines } = await reviewed(paths, []);
  expect(lines).toContainEqual(
    expect.stringMatching(/Rollout forecast in the cluster is not what its plan compiles to/),
  );
});

test.each([
  ['no such Rollout', {}, exitCode.usage, '--namespace: forecast has no Rollout forecast; '],
  [
    'no record of what was applied',
    { ...cluster(settled), '/api/v1/namespaces/forecast/configmaps/forecast-plan': undefined },
    exitCode.usage,
    'forecast/configmap/forecast-plan: is not there, so nobody knows what was applied',
  ],
  [
    'an API server that forbids it',
    { ...cluster(settled), '/apis/argoproj.io/v1alpha1/namespaces/forecast/analysisruns': 403 },
    exitCode.failure,
    'GET /apis/argoproj.io/v1alpha1/namespaces/forecast/analysisruns was answered 403',
  ],
])('%s is said so', async (_what, paths, expected, message) => {
  const { code, lines } = await reviewed(paths, []);
  expect(lines.join('\n')).toContain(message);
  expect(code).toBe(expected);
});
