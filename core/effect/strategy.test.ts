import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exampleTarget as target } from '../compile/example-target.ts';
import { type Plan, parsePlan } from '../plan.ts';
import { isJudged } from '../plan-steps.ts';
import type { Freeze, Hold, PlanStep } from '../plan-types.ts';
import { effectsOf, ordered } from './effect.ts';

const plan = parsePlan(readFileSync(new URL('../../rollouts/forecast.yaml', import.meta.url), 'utf8'), 'forecast.yaml');

/** What Argo Rollouts makes of other steps is told by effect.test.ts. */
const restarts = new Set([
  'clears-abort',
  'resets-release',
  'waits-for-release',
  'starts-release',
  'changes-next-phase',
]);

/** What going from one plan to another does, as lines of severity, rule and sentence. */
function effects(after: Partial<Plan>, before: Partial<Plan> = {}): string[] {
  const change = { before: { ...plan, ...before }, after: { ...plan, ...after } };
  const found = effectsOf({
    ...change,
    targets: { before: target, after: target },
    gates: [],
    stations: null,
    live: null,
  });
  return ordered(found.filter(({ rule }) => !restarts.has(rule))).map(
    ({ severity, rule, sentence }) => `${severity} ${rule}: ${sentence}`,
  );
}

/** Both ways. */
function thereAndBack(other: Partial<Plan>): string[] {
  return [...effects(other), '---', ...effects({}, other)];
}

const holiday: Freeze = { name: 'holidays', from: '2026-12-20', to: '2027-01-04', zone: 'UTC' };

test('freezes: what advances again is a warning', () => {
  expect(thereAndBack({ freezes: [...plan.freezes, holiday] })).toMatchInlineSnapshot(`
    [
      "notice adds-freeze: Nothing advances from 2026-12-20 to 2027-01-04 (UTC), "holidays": a phase that would end then goes on until its end. An abort still acts at once.",
      "---",
      "warning removes-freeze: Releases advance from 2026-12-20 to 2027-01-04 (UTC) again: the freeze "holidays" goes.",
    ]
  `);
  expect(effects({ freezes: [{ ...holiday, to: '2027-01-02' }] }, { freezes: [holiday] })).toMatchInlineSnapshot(`
    [
      "warning shortens-freeze: The freeze "holidays" is from 2026-12-20 to 2027-01-02 (UTC) instead of from 2026-12-20 to 2027-01-04 (UTC): releases advance in what it leaves. A release that waits in it already keeps the old end.",
    ]
  `);
  // Noon in Tokyo comes before noon in Berlin: it ends earlier.
  const noon = { ...holiday, to: '2027-01-04 12:00', zone: 'Europe/Berlin' };
  const [line] = effects({ freezes: [{ ...noon, zone: 'Asia/Tokyo' }] }, { freezes: [noon] });
  expect(line).toMatch(/^warning shortens-freeze/);
  const [longer] = effects({ freezes: [{ ...holiday, to: '2027-01-06' }] }, { freezes: [holiday] });
  expect(longer).toMatch(/^notice lengthens-freeze: .* from 2026-12-20 to 2027-01-06 \(UTC\) instead of/);
});

test('the calendar and its trainings', () => {
  expect(thereAndBack({ calendar: { start: '2027-01-04', zone: 'Europe/Berlin' } })).toMatchInlineSnapshot(`
    [
      "notice moves-start: The calendar begins on 2027-01-04 (Europe/Berlin) instead of no day; no release begins or ends by it.",
      "---",
      "notice moves-start: The calendar begins on no day instead of 2027-01-04 (Europe/Berlin); no release begins or ends by it.",
    ]
  `);
  const [training, ...rest] = plan.trainings;
  if (training === undefined) throw new Error('the shipped plan has no training');
  expect(thereAndBack({ trainings: rest })).toMatchInlineSnapshot(`
    [
      "notice removes-training: Nobody is taught "Reading the new charts" before ramp any more.",
      "---",
      "notice adds-training: "Reading the new charts" is taught 5d before ramp, at 10:00.",
    ]
  `);
  expect(effects({ trainings: [{ ...training, at: '14:00' }, ...rest] })).toMatchInlineSnapshot(`
    [
      "notice moves-training: "Reading the new charts" is taught 5d before ramp, at 14:00, 60 min, for operators of the first stations.",
    ]
  `);
});

test('who answers and who is on call', () => {
  const { devops: _, ...team } = plan.team;
  expect(thereAndBack({ team })).toMatchInlineSnapshot(`
    [
      "warning removes-role: Nobody answers as devops any more.",
      "---",
      "notice moves-role: devops answers at #grid-platform, on call at platform-on-call@example.org.",
    ]
  `);
  expect(effects({ team: { ...team, devops: { contact: '#elsewhere' } } })).toMatchInlineSnapshot(`
    [
      "warning moves-role: devops answers at #elsewhere, and its engineer on duty is reached nowhere any more.",
    ]
  `);
  const nobody = plan.steps.map((step) => (step.name === 'ramp-50' ? { ...step, on_call: [] } : step));
  expect(thereAndBack({ steps: nobody })).toMatchInlineSnapshot(`
    [
      "warning removes-on-call: Nobody is on call for ramp-50 any more.",
      "---",
      "notice moves-on-call: On call for ramp-50: devops instead of nobody.",
    ]
  `);
});

test('who is told: a warning where somebody has to act and is not told', () => {
  const [progress, waits, aborts] = plan.notify;
  if (progress === undefined || waits === undefined || aborts === undefined)
    throw new Error('the shipped plan tells less');
  expect(thereAndBack({ notify: [progress, waits] })).toMatchInlineSnapshot(`
    [
      "warning tells-nobody: Nobody is told any more when a release is aborted; until now: slack:forecast-releases, email:platform-on-call@example.org, email:ml-on-call@example.org.",
      "---",
      "notice tells-more: Told when a release is aborted: slack:forecast-releases, email:platform-on-call@example.org, email:ml-on-call@example.org.",
    ]
  `);
  expect(effects({ notify: [{ ...progress, to: ['webhook:status'] }, waits, aborts] })).toMatchInlineSnapshot(`
    [
      "notice tells-fewer: Told no more when a release starts, advances, is promoted: slack:forecast-releases.",
      "notice tells-more: Told when a release starts, advances, is promoted: webhook:status.",
    ]
  `);
});

const hold = (reason: string): Hold => ({ kind: 'hold', name: 'hold', hours: 24, on_call: [], reason, by: 'product' });
const before50 = (...steps: PlanStep[]): PlanStep[] =>
  plan.steps.flatMap((step) => (step.name === 'ramp-50' ? [...steps, step] : [step]));
const before10 = (steps: readonly PlanStep[]) =>
  steps.flatMap((step) => (step.name === 'ramp-10' ? [hold('begin'), step] : [step]));

test('a hold that goes is a danger, and the last one is told as such', () => {
  const held = before50(hold('half of them'));
  expect(thereAndBack({ steps: held })).toMatchInlineSnapshot(`
    [
      "notice adds-hold: Before 50 % product has to decide: "half of them". Without their promotion it waits without end.",
      "notice exposes-later: Exposes 50 % of the stations from day 37 instead of day 36, 1d later, and what follows with it.",
      "notice changes-length: The whole release takes 71d instead of 70d.",
      "---",
      "danger removes-hold: Removes the only approval before 100 %: the release goes on to 50 % by its gates alone.",
      "warning exposes-earlier: Exposes 50 % of the stations from day 36 instead of day 37, 1d earlier, and what follows with it.",
      "notice changes-length: The whole release takes 70d instead of 71d.",
    ]
  `);
  expect(effects({ steps: held }, { steps: before10(held) })).toContain(
    'danger removes-hold: Removes the approval before 10 %: the release goes on to 10 % by its gates alone.',
  );
  expect(effects({ steps: before50({ ...hold('half of them'), by: null, hours: 48 }) }, { steps: held })).toContain(
    'notice changes-hold: Before 50 % anybody who may promote decides: "half of them", expected to take 2d.',
  );
});

const retiring = (change: object): PlanStep[] =>
  plan.steps.map((step) => (step.kind === 'retire' ? { ...step, ...change } : step));

test('what goes after the release, by name and digest, and who approved it', () => {
  expect(
    thereAndBack({ steps: retiring({ predictors: {}, flags: ['old-charts'], alerts: ['Old'] }) }),
  ).toMatchInlineSnapshot(`
    [
      "warning retires-more: After the release, once the hold before it is approved, there goes: flag old-charts, alert Old. What has a digest can be restored by it.",
      "notice retires-less: Stays: predictor seasonal-24h (sha256:33b99b8037c7).",
      "---",
      "warning retires-more: After the release, once the hold before it is approved, there goes: predictor seasonal-24h (sha256:33b99b8037c7). What has a digest can be restored by it.",
      "notice retires-less: Stays: flag old-charts, alert Old.",
    ]
  `);
  expect(thereAndBack({ steps: retiring({ approved_by: 'Kim' }) })).toMatchInlineSnapshot(`
    [
      "danger approves-retire: Kim approved it, and so it goes when this is applied: predictor seasonal-24h (sha256:33b99b8037c7).",
      "---",
      "notice withdraws-approval: Kim approves it no more: what has not gone stays.",
    ]
  `);
});

test('what stands on the calendar alone', () => {
  const without = plan.steps.filter(({ kind }) => kind !== 'assess');
  expect(thereAndBack({ steps: without })).toMatchInlineSnapshot(`
    [
      "warning removes-assessment: Nothing assesses any more what the release brought.",
      "---",
      "notice moves-assessment: The assessment compares 90d on each side of the release instead of none.",
    ]
  `);
  const prepared = plan.steps.map((step) => (step.kind === 'prepare' ? { ...step, what: ['dashboards'] } : step));
  expect(effects({ steps: prepared })).toEqual([
    'notice moves-calendar: What stands on the calendar before or after the release changes: no release feels it.',
  ]);
  const shorter = plan.steps.map((step) => (step.kind === 'assess' ? { ...step, window_hours: 720 } : step));
  expect(effects({ steps: shorter })).toMatchInlineSnapshot(`
    [
      "warning moves-assessment: The assessment compares 30d on each side of the release instead of 90d.",
    ]
  `);
});

test('what is called a success: less is a warning', () => {
  const { success } = plan;
  expect(thereAndBack({ success: { ...success, accuracy_percent: 10, latency_ms: 50 } })).toMatchInlineSnapshot(`
    [
      "warning loosens-success: A success needs a gain in accuracy of 10 % instead of 15 %: less is called one.",
      "warning loosens-success: A success needs a p99 latency above the stable of at most 50 ms instead of 10 ms: less is called one.",
      "---",
      "notice tightens-success: A success needs a gain in accuracy of 15 % instead of 10 %: it takes more to be called one.",
      "notice tightens-success: A success needs a p99 latency above the stable of at most 10 ms instead of 50 ms: it takes more to be called one.",
    ]
  `);
  expect(effects({ success: { ...success, outcome_percent: 5, feedback: null } })).toMatchInlineSnapshot(`
    [
      "warning loosens-success: A success needs a gain for users of 5 % instead of 10 %: less is called one.",
      "warning loosens-success: A success needs a mean score of above 3 instead of at least 3.5: less is called one.",
    ]
  `);
});

test('fewer stations than before, a loss that is refused again, and objects that somebody edited by hand', () => {
  const fewer = plan.steps.map((step) =>
    step.name === 'ramp-25' && step.kind === 'ramp' ? { ...step, name: 'ramp-20', weight_percent: 20 } : step,
  );
  expect(effects({ steps: fewer, phases: fewer.filter(isJudged) })).toContainEqual(
    expect.stringMatching(/^notice exposes-fewer: Stops at 20 % instead of 25 %/),
  );
  const accepted = { judge: { ...plan.judge, accepted_loss: 'half the memory' } };
  expect(effects({}, accepted)).toEqual(['notice refuses-loss: Any proven loss of accuracy aborts again.']);
  const live = { state: 'none', release: target.release, phase: null, weight_percent: 0, aborted: [] } as const;
  const found = effectsOf({
    ...{ before: plan, after: plan, targets: { before: target, after: target }, gates: [], stations: null },
    live: { ...live, aborted: [], edited: ['Service forecast'] },
  });
  expect(found).toContainEqual(expect.objectContaining({ rule: 'differs-from-plan', severity: 'warning' }));
});

test('stations apart', () => {
  const stations = {
    inventory: 'stations.csv',
    pinned: [{ id: 'S-1' }, { id: 'S-2' }],
    kept_out: [{ region: 'north' }],
  };
  expect(thereAndBack({ stations })).toMatchInlineSnapshot(`
    [
      "warning pins-stations: Answered by the candidate from 10 % on: station S-1, station S-2.",
      "warning moves-inventory: Which stations a region or a criticality has is read from stations.csv instead of nowhere.",
      "notice keeps-out: Answered by the stable version until the release is promoted: region north.",
      "---",
      "warning lets-in: With the shares, kept out no more: region north.",
      "notice unpins-stations: With the shares again, pinned no more: station S-1, station S-2.",
      "notice moves-inventory: Which stations a region or a criticality has is read from nowhere instead of stations.csv.",
    ]
  `);
});

test('resources, GPUs at the peak, and when models are trained again', () => {
  const { serving, training } = plan.resources;
  const gpus = { serving: { ...serving, gpus: 1, node_pool: 'gpu' }, training };
  expect(thereAndBack({ resources: gpus })).toMatchInlineSnapshot(`
    [
      "warning moves-gpus: Peak 4 GPUs (2.0× the stable's) in the pool gpu for 70d, instead of 0.",
      "warning moves-serving-resources: Each pod of the service asks for 1 CPU and 1Gi, 1 GPU, in the pool gpu instead of 1 CPU and 1Gi.",
      "---",
      "warning moves-serving-resources: Each pod of the service asks for 1 CPU and 1Gi instead of 1 CPU and 1Gi, 1 GPU, in the pool gpu.",
      "notice moves-gpus: Peak 0 GPUs (2.0× the stable's) for 70d, instead of 4.",
    ]
  `);
  expect(
    effects({ resources: { serving, training: { ...training, memory: '8Gi' } }, retraining: null }),
  ).toMatchInlineSnapshot(`
    [
      "warning moves-retraining: Models are trained again: never; until now: sat, sun from 01:00 to 05:00 (Europe/Berlin), all on the last 180d. The scorer starts again and keeps no more of its log than is followed: judging waits until it is back, and nothing that is judged is lost.",
      "notice moves-training-resources: The retraining asks for 2 CPU and 8Gi instead of 2 CPU and 4Gi.",
    ]
  `);
});

test('another window leaves the scorer alone, and another history does not', () => {
  const { retraining } = plan;
  if (retraining === null) throw new Error('the plan has no retraining');
  expect(effects({ retraining: { ...retraining, to: '06:00' } })).toEqual([
    'notice moves-retraining: Models are trained again: sat, sun from 01:00 to 06:00 (Europe/Berlin), all on the last 180d; until now: sat, sun from 01:00 to 05:00 (Europe/Berlin), all on the last 180d.',
  ]);
  expect(effects({ retraining: { ...retraining, history_hours: 2400 } })[0]).toContain(
    'all on the last 180d. The scorer starts again and keeps its log for 100d: ',
  );
});

test('evidence, and aborted releases that may come again', () => {
  expect(thereAndBack({ evidence: { retain_hours: 2160 } })).toMatchInlineSnapshot(`
    [
      "warning shortens-retention: Evidence is kept for 90d after a release's end instead of 730d, that of earlier releases as well.",
      "---",
      "notice lengthens-retention: Evidence is kept for 730d after a release's end instead of 90d.",
    ]
  `);
  const digest = `sha256:${'4'.repeat(64)}`;
  expect(thereAndBack({ acknowledge: { [digest]: 'the feed was broken' } })).toMatchInlineSnapshot(`
    [
      "danger acknowledges-release: Lets sha256:444444444444, which was aborted, be tried again: "the feed was broken".",
      "---",
      "notice withdraws-acknowledgement: sha256:444444444444 is refused again where it was aborted.",
    ]
  `);
  expect(effects({ acknowledge: { [digest]: 'it was the feed' } }, { acknowledge: { [digest]: 'why not' } })).toEqual([
    'notice moves-acknowledgement: Why sha256:444444444444 may be tried again is now: "it was the feed".',
  ]);
});

test('whatever a plan says, a change of it has a name', () => {
  const changes: Record<Exclude<keyof Plan, 'gates'>, Partial<Plan>> = {
    service: { service: 'other' },
    owner: { owner: 'other' },
    runbook: { runbook: 'docs/other.md' },
    replicas: { replicas: 3 },
    calendar: { calendar: { start: '2027-01-04', zone: 'UTC' } },
    steps: { steps: plan.steps.map((step) => (step.kind === 'prepare' ? { ...step, what: ['another thing'] } : step)) },
    phases: { phases: plan.phases.map((phase) => ({ ...phase, hours: phase.hours + 24 })) },
    freezes: { freezes: [] },
    team: { team: {} },
    notify: { notify: [] },
    trainings: { trainings: [] },
    stations: { stations: { ...plan.stations, pinned: [{ id: 'S-1' }] } },
    success: { success: { ...plan.success, feedback: null } },
    arms: { arms: null },
    judge: { judge: { ...plan.judge, truth_delay_hours: 12 } },
    resources: { resources: { ...plan.resources, training: { ...plan.resources.training, cpu: '4' } } },
    retraining: { retraining: null },
    evidence: { evidence: { retain_hours: 2160 } },
    acknowledge: { acknowledge: { [`sha256:${'4'.repeat(64)}`]: 'why not' } },
    rehearsal: { rehearsal: { shadow_hours: 168, ramp_hours: 24 } },
  };
  for (const [field, change] of Object.entries(changes))
    expect([field, ...effects(change)].join(' ')).toMatch(new RegExp(`^${field} (?!.*(unnamed-change|no-change)).`));
});

test('every rule of this folder is in a test', () => {
  const files = readdirSync(new URL('./', import.meta.url));
  const text = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8');
  const tests = [...files.filter((file) => file.endsWith('.test.ts')), '../../commands/plan-live.server.test.ts'];
  const tested = tests.map(text).join('\n');
  const rules = files
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => text(file).match(/(?<=(rule: |notice\(|told\(|[?:] |\[)')[a-z]+(-[a-z]+)+(?=')/g) ?? []);
  expect(rules.length).toBeGreaterThan(60);
  expect(rules.filter((rule) => !tested.includes(rule))).toEqual([]);
});
