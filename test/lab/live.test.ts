import { execFile, execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CoreV1Api, CustomObjectsApi, KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from 'vitest';
import { gatesFor } from '../../analysis/gates.ts';
import { promote } from '../../commands/rehearsal/promote.ts';
import { applyServing } from '../../commands/rehearsal/stack.ts';
import { analysisTemplates } from '../../core/compile/analysis.ts';
import { exampleTarget } from '../../core/compile/example-target.ts';
import { notificationConfig } from '../../core/compile/notify.ts';
import { rehearsalTime, type Target } from '../../core/compile/target.ts';
import { exitCode } from '../../core/exit.ts';
import { parsePlan } from '../../core/plan.ts';
import { stage } from '../../lab/control-plane.ts';
import type { Lab } from '../../lab/lab.ts';
import { parseRollout } from '../../lab/observe-argo.ts';
import { attachedProvider, providerProcess } from '../../lab/provider-place.ts';
import { apply, IMAGE, NAMESPACE, startDataPlaneLab, WAIT } from './data-plane-lab.ts';
import { type Harm, harmGate, startHarm } from './harm.ts';
import { lastLines } from './last-lines.ts';
import { type NotificationSink, startSink } from './notification-sink.ts';

/** Nobody is ever told by slack or email here: the plan never waits. But a fault in how they are reached would silence the webhook too. */
const planText = ({ ramp = 20, acknowledge = '' } = {}) => `
service: roll
owner: team
runbook: docs/run.md
replicas: 2
phases:
  - {shadow: 100%, for: 14d}
  - {ramp: ${ramp}%, for: 7d}
  - {ramp: 40%, for: 7d}
  - {hold: Go beyond "half"?, for: 1d}
  - {ramp: 60%, for: 7d}
  - {ramp: 80%, for: 7d}
  - {ramp: 100%, for: 7d}
notify:
  - {when: [started, advanced, held, aborted, promoted], to: ["webhook:sink"]}
  - {when: [waiting], to: ["slack:releases", "email:grid@example.org"]}
rehearsal: {shadow: 14d, ramp: 24h}
${acknowledge}
`;
type Edits = Parameters<typeof planText>[0];

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

let lab: Lab;
let harm: Harm;
let sink: NotificationSink;

beforeAll(async () => {
  [harm, sink] = await Promise.all([startHarm(), startSink()]);
  lab = await startDataPlaneLab(({ credentials }) => [
    providerProcess(credentials.kubeconfig('pulumi'), [stage.roles, stage.access]),
  ]);
  await lab.runner.ready('provider');
  // The Automation API finds the engine on the PATH and nowhere else.
  process.env.PATH = `${lab.bin}:${process.env.PATH}`;
  const metadata = { name: 'argo-rollouts-notification-secret', namespace: NAMESPACE };
  const data = { 'webhook-sink-url': Buffer.from(sink.url).toString('base64') };
  await apply(lab, { apiVersion: 'v1', kind: 'Secret', metadata, data } as object);
});

beforeEach(() => {
  onTestFailed(async () => {
    console.error(JSON.stringify(await seen()));
    console.error(lastLines(join(lab.dir, 'logs')));
    console.error(lastLines(join(lab.dir, 'pods', 'logs')));
  });
});

afterAll(async () => {
  harm?.close();
  sink?.close();
  await lab?.stop();
});

/** A release of the echo server. */
function targetOf(digit: string): Target {
  return {
    ...exampleTarget,
    namespace: NAMESPACE,
    image: IMAGE,
    release: digest(digit),
    registry: { hostPath: { path: lab.dir } },
    states: { hostPath: { path: lab.dir } },
    prometheus_url: harm.url,
    // Of a rehearsal only the haste: its freezes would have no length.
    time: { ...rehearsalTime(200), phases: 'production' },
  };
}

/** What `pulumi up` does with the plan and a release. */
async function up(digit: string, edits: Edits = {}): Promise<void> {
  const plan_text = planText(edits);
  const plan = parsePlan(plan_text, 'roll.yaml');
  const scoring = {
    ...{ scorer_image: IMAGE, recomputer_image: IMAGE, data: { emptyDir: {} }, database: 'sqlite' as const },
    ...{ stable_url: 'http://stable', canary_url: 'http://canary', recompute_url: 'http://recompute' },
  };
  const provider = { attached: attachedProvider(lab.runner.logOf('provider')) };
  const place = { lab: lab.id, dir: join(lab.dir, 'pulumi'), kubeconfig: lab.kubeconfig('pulumi'), provider };
  await applyServing(
    place,
    { plan, plan_text, gates: [harmGate], target: targetOf(digit), scoring },
    AbortSignal.timeout(WAIT.timeout),
  );
}

const api = { group: 'argoproj.io', version: 'v1alpha1', namespace: NAMESPACE };

async function seen() {
  const custom = (await lab.client('observer')).makeApiClient(CustomObjectsApi);
  return parseRollout(await custom.getNamespacedCustomObject({ ...api, plural: 'rollouts', name: 'roll' }));
}

async function reachHold(): Promise<void> {
  await expect.poll(async () => (await seen()).pause_reasons, WAIT).toEqual(['CanaryPauseStep']);
  expect(await seen()).toMatchObject({ weight_percent: 40, aborted: false });
}

async function reachAbort(): Promise<void> {
  await expect
    .poll(seen, WAIT)
    .toMatchObject({ phase: 'Degraded', aborted: true, weight_percent: 0, pause_reasons: [] });
}

/** `npm run plan -- --against live`, by somebody who may read. */
async function reviewed(edits: Edits = {}): Promise<{ code: number | string | null | undefined; output: string }> {
  const file = join(lab.dir, 'tmp', 'roll.yaml');
  writeFileSync(file, planText(edits));
  const place = ['--kubeconfig', lab.kubeconfig('observer'), '--namespace', NAMESPACE];
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      ['commands/plan.ts', '--against', 'live', ...place, '--file', file],
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : error.code, output: stdout + stderr }),
    ),
  );
}

/** As `kubectl argo rollouts` does it. */
function byHand(...args: string[]): void {
  const place = ['--kubeconfig', lab.kubeconfig('admin'), '-n', NAMESPACE];
  execFileSync(join(lab.bin, 'kubectl-argo-rollouts'), [...args, ...place], { stdio: 'pipe' });
}

async function configMap(name: string): Promise<Record<string, string>> {
  const core = (await lab.client('admin')).makeApiClient(CoreV1Api);
  return (await core.readNamespacedConfigMap({ name, namespace: NAMESPACE })).data ?? {};
}

/** What was told of one release. The controller tells again what it could not note as told, so twice in a row is once. */
const told = (digit: string) =>
  sink.notified
    .filter(({ release }) => release === digest(digit))
    .map(({ text }) => text)
    .filter((text, at, texts) => text !== texts[at - 1]);

const others = { ramp: 15 };

describe('Given a service that `pulumi up` released, whose plan tells a webhook', () => {
  test('When a release comes to a hold, Then every step of it was told, and other steps would reset it', async () => {
    await up('a');
    await expect.poll(async () => (await seen()).phase, WAIT).toBe('Healthy');
    await up('b');
    await reachHold();
    await expect
      .poll(() => told('b'), WAIT)
      .toEqual([
        `roll (grid): the release of ${digest('b')} begins.`,
        'roll (grid): the candidate answers 20 % of the stations.',
        'roll (grid): the candidate answers 40 % of the stations.',
        'roll (grid): the release waits until a person promotes it: Go beyond "half"?',
      ]);
    expect(await reviewed()).toMatchObject({ code: exitCode.ok });
    const { code, output } = await reviewed(others);
    expect(output).toMatch(
      /Resets the running release sha256:b{12} from hold-1 \(40 % of the stations\) to step 0: .* \[resets-release\]/,
    );
    expect(code).toBe(exitCode.ok);
  });

  test('When it is promoted, Then that is told, and other steps wait for the next release', async () => {
    await promote(await lab.client('admin'), NAMESPACE, 'roll');
    await expect.poll(async () => (await seen()).phase, WAIT).toBe('Healthy');
    await expect.poll(() => told('b').at(-1), WAIT).toBe(`roll (grid): ${digest('b')} answers all stations.`);
    const { code, output } = await reviewed(others);
    expect(output).toMatch(
      /No release runs \(sha256:b{12} serves .*\): no effect until the image or the model changes/,
    );
    expect(code).toBe(exitCode.ok);
  });

  test('When a release harms, Then its abort is told with the reason, and neither the review nor an up lets it pass', async () => {
    await up('c');
    await reachHold();
    harm.now = 1;
    await reachAbort();
    await expect
      .poll(() => told('c').at(-1), WAIT)
      .toMatch(/^roll \(grid\): sha256:c{64} was aborted: RolloutAborted: .*Metric "harm" assessed Failed/);
    const { code, output } = await reviewed(others);
    expect(output).toMatch(/Refused: sha256:c{12} was aborted/);
    expect(output).toMatch(/Clears the abort of sha256:c{12}/);
    expect(code).toBe(exitCode.refused);
    await expect(up('c', others)).rejects.toThrow(/Refused: sha256:c{12} was aborted/);
    await reachAbort();
  });

  test('When the plan acknowledges it, Then the review says that it stays aborted, and an up with other steps tries it again', async () => {
    harm.now = 0;
    const acknowledge = `acknowledge: {"${digest('c')}": the feed was broken}`;
    const { code, output } = await reviewed({ acknowledge });
    expect(output).toMatch(/sha256:c{12} was aborted and may be tried again, on purpose: "the feed was broken"/);
    expect(output).toMatch(/Nothing here starts sha256:c{12} again/);
    expect(code).toBe(exitCode.ok);
    await up('c', { acknowledge });
    await reachAbort();
    byHand('retry', 'rollout', 'roll');
    await reachHold();
    await expect.poll(() => told('c').filter((text) => text.includes('answers 40 %')).length, WAIT).toBe(2);
  });

  test('When somebody aborts a release by hand, Then it is refused also after the Rollout names another', async () => {
    await up('d');
    await reachHold();
    byHand('abort', 'roll');
    await reachAbort();
    await expect.poll(() => told('d').at(-1), WAIT).toMatch(/sha256:d{64} was aborted: /);
    await up('b');
    await expect.poll(async () => (await seen()).phase, WAIT).toBe('Healthy');
    expect(JSON.parse((await configMap('roll-plan'))['aborted.json'] ?? '')).toEqual([digest('c'), digest('d')]);
    await expect(up('d')).rejects.toThrow(/Refused: sha256:d{12} was aborted/);
  });

  test('When another service of the namespace is told of, Then both keep what is theirs', async () => {
    const other = parsePlan(planText().replace('service: roll', 'service: other'), 'other.yaml');
    const [config] = notificationConfig(other, { ...exampleTarget, namespace: NAMESPACE });
    const objects = KubernetesObjectApi.makeApiClient(await lab.client('admin'));
    await objects.patch(config as object, undefined, undefined, 'other', false, PatchStrategy.ServerSideApply);
    const keys = Object.keys(await configMap('argo-rollouts-notification-configmap'));
    expect(keys).toEqual(expect.arrayContaining(['trigger.roll-aborted', 'trigger.other-aborted']));
    await up('b', others);
    expect(Object.keys(await configMap('argo-rollouts-notification-configmap'))).toEqual(keys);
  });

  test('When the receiver never answers, Then a release that harms is taken back all the same', async () => {
    sink.isDeaf = true;
    await up('e');
    await expect.poll(() => told('e').length, WAIT).toBe(1);
    await reachHold();
    harm.now = 1;
    await reachAbort();
    expect(told('e')).toEqual([`roll (grid): the release of ${digest('e')} begins.`]);
  });

  test('When the gates are the plan’s own, Then the review takes nothing that the API server keeps for edited', async () => {
    expect((await reviewed()).output).toContain(
      'AnalysisTemplate roll-shadow in the cluster is not what its plan compiles to',
    );
    const target = targetOf('e');
    await apply(lab, ...analysisTemplates(parsePlan(planText(), 'roll.yaml'), gatesFor(target), target));
    expect((await reviewed()).output).not.toContain('is not what its plan compiles to');
  });
});
