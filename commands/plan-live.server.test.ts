import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exampleTarget as target } from '../core/compile/example-target.ts';
import { exitCode } from '../core/exit.ts';
import { appliedTo, type Paths, stubCluster } from './stub-cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'gridramp-plan-live-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = 'rollouts/forecast.yaml';
const shipped = readFileSync(file, 'utf8');
const running = {
  ...{ phase: 'Progressing', stableRS: 'stable', currentPodHash: 'canary', currentStepIndex: 9 },
  canary: { weights: { canary: { weight: 25 } } },
};
const aborted = { ...running, phase: 'Degraded', abort: true, canary: { weights: { canary: { weight: 0 } } } };
const settled = { phase: 'Healthy', stableRS: 'canary', currentPodHash: 'canary', currentStepIndex: 19 };

async function reviewed(paths: Paths, edits: readonly (readonly [string, string])[], ...args: string[]) {
  await using cluster = await stubCluster(paths);
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, cluster.kubeconfig);
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
  const { code, lines } = await reviewed(appliedTo(shipped, running), more);
  expect(code).toBe(exitCode.ok);
  expect(lines.filter((line) => /resets-release|clears-abort|waits/.test(line))).toEqual([
    expect.stringMatching(
      /Resets the running release sha256:\w{12} from ramp-25 \(25 % of the stations\) to step 0: .*shadow of 14d begins again/,
    ),
  ]);
});

test('where no release runs, new steps wait for the next one', async () => {
  const { code, lines } = await reviewed(appliedTo(shipped, settled, ['canary']), more);
  expect(code).toBe(exitCode.ok);
  expect(lines.filter((line) => /resets-release|clears-abort|waits|refuses/.test(line))).toEqual([
    expect.stringContaining(
      'serves every station): no effect until the image or the model changes. [waits-for-release]',
    ),
  ]);
});

test('a plan that names what is not there is refused, as without a cluster', async () => {
  const retires = [['- retire:\n', '- retire:\n      flags: [old-charts]\n']] as const;
  const { code, lines } = await reviewed(appliedTo(shipped, settled), retires);
  expect(lines.join('\n')).toMatch(/"old-charts" is no flag of \S+plan.flags.json, which is not there; remove it/);
  expect(code).toBe(exitCode.usage);
});

test('an aborted release is refused, until the plan says why it is tried again', async () => {
  const refused = await reviewed(appliedTo(shipped, aborted, ['canary']), more);
  expect(refused.code).toBe(exitCode.refused);
  expect(refused.lines.join('\n')).toMatch(/Refused: sha256:\w{12} was aborted.*\[refuses-aborted\]/);
  expect(refused.lines.join('\n')).toMatch(/Clears the abort of sha256:\w{12}: .* \[clears-abort\]/);
  const acknowledge = `acknowledge: { "${target.release}": "the feed was broken, not the model" }\nrehearsal:`;
  const tried = await reviewed(appliedTo(shipped, aborted, ['canary']), [
    ...more,
    ['\nrehearsal:', `\n${acknowledge}`],
  ]);
  expect(tried.lines.join('\n')).not.toContain('stays-aborted');
  expect(tried.code).toBe(exitCode.ok);
  expect(tried.lines.join('\n')).toMatch(/on purpose: "the feed was broken, not the model"\. \[acknowledges-abort\]/);
});

test('an abort is remembered after the revert: by the run that failed and the revision it judged', async () => {
  const { code } = await reviewed(appliedTo(shipped, { ...running, currentPodHash: 'stable' }, ['canary']), []);
  expect(code).toBe(exitCode.refused);
});

test('an abort that no analysis made is remembered by the record, when the Rollout names another release', async () => {
  const reverted = { ...running, currentPodHash: 'stable' };
  const { code } = await reviewed(appliedTo(shipped, reverted), []);
  expect(code).toBe(exitCode.ok);
  const refused = await reviewed(appliedTo(shipped, reverted, [], [target.release]), []);
  expect(refused.code).toBe(exitCode.refused);
});

test('an acknowledgement alone starts nothing, and says what does', async () => {
  const acknowledge = `\nacknowledge: { "${target.release}": "the feed was broken" }\nrehearsal:`;
  const { code, lines } = await reviewed(appliedTo(shipped, aborted), [['\nrehearsal:', acknowledge]]);
  expect(code).toBe(exitCode.ok);
  expect(lines.join('\n')).toMatch(
    /Nothing here starts sha256:\w{12} again: .* `kubectl argo rollouts retry rollout forecast -n forecast`\. \[stays-aborted\]/,
  );
});

test('what was edited by hand is named', async () => {
  const paths = appliedTo(shipped, settled);
  const [rollouts] = Object.keys(paths);
  const steps = [{ setWeight: 100 }];
  const edited = { spec: { strategy: { canary: { steps } } }, status: settled };
  paths[rollouts ?? ''] = edited;
  const { lines } = await reviewed(paths, []);
  expect(lines).toContainEqual(
    expect.stringMatching(/Rollout forecast in the cluster is not what its plan compiles to/),
  );
});

test.each([
  ['no such Rollout', {}, exitCode.usage, '--namespace: forecast has no Rollout forecast; '],
  [
    'no record of what was applied',
    { ...appliedTo(shipped, settled), '/api/v1/namespaces/forecast/configmaps/forecast-plan': undefined },
    exitCode.usage,
    'forecast/configmap/forecast-plan: is not there, so nobody knows what was applied',
  ],
  [
    'a record that somebody broke',
    appliedTo(shipped, settled, [], ['the one of last week']),
    exitCode.usage,
    'forecast/configmap/forecast-plan/aborted.json: is no list of at most 100 digests',
  ],
  [
    'an API server that forbids it',
    { ...appliedTo(shipped, settled), '/apis/argoproj.io/v1alpha1/namespaces/forecast/analysisruns': 403 },
    exitCode.failure,
    'GET /apis/argoproj.io/v1alpha1/namespaces/forecast/analysisruns was answered 403',
  ],
])('%s is said so', async (_what, paths, expected, message) => {
  const { code, lines } = await reviewed(paths, []);
  expect(lines.join('\n')).toContain(message);
  expect(code).toBe(expected);
});
