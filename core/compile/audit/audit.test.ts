import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { gatesFor } from '../../../analysis/gates.ts';
import { parsePlan } from '../../plan.ts';
import { compile, manifestList } from '../compile.ts';
import { exampleTarget } from '../example-target.ts';
import { rehearsalTime } from '../target.ts';
import { type Audited, auditedOf, rules, trapsIn } from './audit.ts';
import { conjuncts } from './condition.ts';

/** Without freezes, whose analyses judge nothing. */
const plan = {
  ...parsePlan(readFileSync(new URL('../../../rollouts/forecast.yaml', import.meta.url), 'utf8'), 'plan'),
  freezes: [],
};

function compiled(target = exampleTarget): Audited {
  return structuredClone(auditedOf(manifestList(compile(plan, gatesFor(target), target))));
}

test.each([
  ['production', exampleTarget],
  ['a rehearsal', { ...exampleTarget, time: rehearsalTime(15) }],
  ['a release without a backtest', { ...exampleTarget, backtested: false }],
])('the shipped plan compiles for %s into objects without a trap', (_, target) => {
  expect(trapsIn(compiled(target))).toEqual([]);
});

/** A route of the shipped Rollout's, so that nothing but its place can be wrong. */
const pinned = { name: 'shadow', match: [{ headerName: 'x-station-id', headerValue: { exact: 'a' } }] };

/** One edit of the shipped objects for each way into a trap. */
type Edit = [rule: string, what: string, edit: (objects: Audited) => unknown];

const edits: Edit[] = [
  ['no-error-limit', 'the default of 4', (all) => delete metricIn(all).consecutiveErrorLimit],
  ['no-error-limit', 'less than five minutes', (all) => set(metricIn(all), { consecutiveErrorLimit: 29 })],
  ['limit-left-out', 'the default of 0 failures', (all) => delete metricIn(all).failureLimit],
  ['limit-left-out', 'failures without end', (all) => set(metricIn(all), { failureLimit: -1 })],
  ['limit-left-out', 'the default of 0 inconclusive', (all) => delete metricIn(all).inconclusiveLimit],
  ['one-condition', 'failure alone', (all) => delete metricIn(all).successCondition],
  ['one-condition', 'success alone', (all) => delete metricIn(all).failureCondition],
  ['one-condition', 'an empty one', (all) => set(metricIn(all), { failureCondition: '' })],
  ['series-not-counted', 'no guard', (all) => unguarded(all, 'len(result) == 1 && ')],
  ['series-not-counted', 'any number', (all) => reworded(all, 'len(result) == 1', 'len(result) > 0')],
  ['series-not-counted', 'an alternative', (all) => reworded(all, 'len(result) == 1', '(len(result) == 1 || true)')],
  ['nan-decides', 'no guard', (all) => unguarded(all, '!isNaN(result[0]) && ')],
  ['infinity-decides', 'no guard', (all) => unguarded(all, '!isInf(result[0]) && ')],
  ['infinity-decides', 'another one’s', (all) => reworded(all, '!isInf(result[0])', '!isInf(result[1])')],
  ['no-count', 'none', (all) => delete metricIn(all).count],
  ['count-too-small', 'for its successes', (all) => set(metricIn(all), { consecutiveSuccessLimit: 1e6 })],
  ['count-too-small', 'for its inconclusives', (all) => set(metricIn(all), { inconclusiveLimit: 1e6 })],
  ['passes-by-count', 'no row of successes', (all) => delete metricIn(all).consecutiveSuccessLimit],
  ['initial-delay', 'any', (all) => set(metricIn(all), { initialDelay: '5m' })],
  ['interval-not-whole', 'none', (all) => delete metricIn(all).interval],
  ['interval-not-whole', 'half a second', (all) => set(metricIn(all), { interval: '500ms' })],
  ['versions-mixed', 'no hash', (all) => set(metricIn(all).provider.prometheus, { query: 'sum(up)' })],
  ['dry-run-by-part-of-a-name', 'template', (all) => set(specIn(all), { dryRun: [{ metricName: 'latency' }] })],
  ['dry-run-by-part-of-a-name', 'step', (all) => set(runIn(all), { dryRun: [{ metricName: 'latency$' }] })],
  ['undeclared-argument', 'the stable hash', (all) => set(specIn(all), { args: [{ name: 'canary-hash' }] })],
  ['background-analysis', 'any', (all) => set(canaryIn(all), { analysis: { templates: [] } })],
  [
    'watch-that-ends',
    'a count',
    (all) => set(canaryIn(all), { analysis: { startingStep: 3, templates: [{ templateName: 'forecast-ramp-10' }] } }),
  ],
  ['evidence-discarded', 'the default of 5', (all) => delete rolloutIn(all).analysis],
  ['rollback-window', 'any', (all) => set(rolloutIn(all), { rollbackWindow: { revisions: 1 } })],
  ['dynamic-stable-scale', 'on', (all) => set(canaryIn(all), { dynamicStableScale: true })],
  ['canary-outlives-abort', 'never', (all) => set(canaryIn(all), { abortScaleDownDelaySeconds: 0 })],
  ['no-progress-abort', 'the default', (all) => delete rolloutIn(all).progressDeadlineAbort],
  ['route-not-managed', 'not listed', (all) => set(canaryIn(all).trafficRouting, { managedRoutes: [] })],
  ['route-not-managed', 'no Istio', (all) => delete canaryIn(all).trafficRouting?.istio],
  ['more-than-one-canary', 'an experiment', (all) => stepsIn(all).push({ experiment: { templates: [] } })],
  ['more-than-one-canary', 'no Service of its own', (all) => delete canaryIn(all).canaryService],
  ['template-elsewhere', 'a Deployment', (all) => set(rolloutIn(all), { workloadRef: { name: 'forecast' } })],
  ['quantity-not-canonical', '1000m', (all) => set(resourcesIn(all).requests, { cpu: '1000m' })],
  ['quantity-not-canonical', '1024Mi', (all) => set(resourcesIn(all).limits, { memory: '1024Mi' })],
  ['quantity-not-canonical', '0.5', (all) => set(resourcesIn(all).limits, { cpu: '0.5' })],
  [
    'config-by-hash',
    'a generated ConfigMap',
    (all) => podIn(all).volumes?.push({ name: 'settings', configMap: { name: 'settings-7f6b2d9k4m' } }),
  ],
  ['timed-pause', 'an hour', (all) => stepsIn(all).push({ pause: { duration: '1h' } })],
  ['route-before-scale', 'mirror first', (all) => stepsIn(all).splice(0, 1)],
  ['single-canary-pod', 'one', (all) => set(stepsIn(all)[0]?.setCanaryScale, { replicas: 1 })],
  ['weight-before-scale', 'the last one’s', (all) => stepsIn(all).splice(firstWeight(all) - 1, 1)],
  ['too-few-pods', 'at 100 %', (all) => set(rolloutIn(all), { replicas: 10 })],
  ['weight-before-judgement', 'at once', (all) => stepsIn(all).splice(2, 1)],
  ['weight-before-judgement', 'some at once', (all) => stepsIn(all).splice(1, 0, { setHeaderRoute: pinned })],
  ['weight-not-judged-once', 'never', (all) => stepsIn(all).splice(firstWeight(all) + 1, 1)],
  ['weight-not-judged-once', 'twice', (all) => stepsIn(all).push({ ...stepsIn(all).at(-1) })],
  ['mirror-in-ramp', 'not ended', (all) => stepsIn(all).splice(3, 1)],
  ['versions-not-passed', 'one of them', (all) => runIn(all).args?.pop()],
  ['shadow-may-end-unseen', 'no gate', (all) => specIn(all).metrics?.splice(pairCoverage(all), 1)],
  ['weight-in-git', 'a tenth', (all) => set(all.virtualServices[0]?.spec?.http?.[0]?.route?.[1], { weight: 10 })],
  [
    'replicas-owned-twice',
    'an autoscaler',
    (all) =>
      set(all, { autoscalers: [{ kind: 'X', spec: { scaleTargetRef: { kind: 'Rollout', name: 'forecast' } } }] }),
  ],
];

test.each(edits)('%s: %s is found, and nothing else', (rule, _, edit) => {
  const edited = compiled();
  edit(edited);
  const found = trapsIn(edited);
  expect(new Set(found.map((trap) => trap.rule))).toEqual(new Set([rule]));
  for (const { place, fix } of found) expect([place, fix].every((text) => text !== '')).toBe(true);
});

test('every rule has an edit that it finds', () => {
  const found = new Set(edits.map(([rule]) => rule));
  expect(rules.map(({ rule }) => rule).filter((rule) => !found.has(rule))).toEqual([]);
});

test('a trap says where it is', () => {
  const edited = compiled();
  set(metricIn(edited), { initialDelay: '5m' });
  stepsIn(edited).push({ pause: { duration: 60 } });
  expect(trapsIn(edited).map(({ place }) => place)).toEqual([
    'AnalysisTemplate/forecast-shadow metrics[backtest]',
    `Rollout/forecast steps[${stepsIn(edited).length - 1}]`,
  ]);
});

test.each([
  ['a && b', ['a ', ' b']],
  ['a and b', ['a ', ' b']],
  ['a && (b || c)', ['a ', ' (b || c)']],
  ['a && b || c', ['a && b || c']],
  ['a && b or c', ['a && b or c']],
  ['a ? b : c', ['a ? b : c']],
  ['!isNaN(result[0])', ['!isNaN(result[0])']],
  ['factor > normal', ['factor > normal']],
])('%s demands %j', (condition, parts) => {
  expect(conjuncts(condition)).toEqual(parts);
});

/** What an edit needs is there in the shipped objects, or the edit is of no use. */
function there<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('the shipped objects have nothing to edit here');
  return part;
}

function set(part: object | undefined, fields: object): void {
  Object.assign(there(part), fields);
}

const specIn = ({ templates }: Audited) => there(templates[0]).spec;
const metricIn = (all: Audited) => there(specIn(all).metrics?.[0]);
const rolloutIn = ({ rollouts }: Audited) => there(rollouts[0]).spec;
const canaryIn = (all: Audited) => there(rolloutIn(all).strategy?.canary);
const stepsIn = (all: Audited) => there(canaryIn(all).steps);
const runIn = (all: Audited) => there(stepsIn(all).find(({ analysis }) => analysis)?.analysis);
const podIn = (all: Audited) => there(rolloutIn(all).template?.spec);
const resourcesIn = (all: Audited) => there(podIn(all).containers[0]?.resources);
const firstWeight = (all: Audited) => stepsIn(all).findIndex(({ setWeight }) => setWeight !== undefined);
const pairCoverage = (all: Audited) => there(specIn(all).metrics?.findIndex(({ name }) => name === 'pair-coverage'));

function reworded(all: Audited, from: string | RegExp, to: string): void {
  const metric = metricIn(all);
  for (const side of ['successCondition', 'failureCondition'] as const) {
    const written = there(metric[side]);
    metric[side] = written.replace(from, to);
    expect(metric[side]).not.toBe(written);
  }
}

function unguarded(all: Audited, guard: string): void {
  reworded(all, guard, '');
}
