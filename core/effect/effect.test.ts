import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exampleGate } from '../compile/example-gate.ts';
import { exampleTarget as target } from '../compile/example-target.ts';
import { productionTime, type Target } from '../compile/target.ts';
import type { Gate } from '../gate.ts';
import { parsePlan } from '../plan.ts';
import { effectsOf, ordered } from './effect.ts';

const file = 'rollouts/forecast.yaml';
const shipped = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

const latency: Gate = { ...exampleGate, threshold: 100 };
const floor: Gate = {
  ...latency,
  ...{ name: 'label-coverage', unit: 'share', threshold: 0.9 },
  harmful: () => 'false',
  good: (threshold) => `x >= ${threshold}`,
};

const targets = { before: target, after: target };

/** What replacing texts of the shipped plan does, as lines of severity, rule and sentence. */
function effects(edits: readonly (readonly [string, string])[], stations: number | null = null): string[] {
  let text = shipped;
  for (const [old, replacement] of edits) {
    expect(text).toContain(old);
    text = text.replace(old, replacement);
  }
  const change = {
    before: parsePlan(shipped, file),
    after: parsePlan(text, file),
    targets,
    gates: [latency, floor],
    stations,
    live: null,
  };
  return ordered(effectsOf(change)).map(({ severity, rule, sentence }) => `${severity} ${rule}: ${sentence}`);
}

const restarts = [
  'danger clears-abort: If the last release was aborted and git still names it, this clears the abort, and the rejected release is tried again. Revert to the stable digest first.',
  'warning resets-release: A release that is running goes back to step 0: its stations return to the stable version, and its shadow of 14d begins again.',
  'notice waits-for-release: While no release runs, it has no effect until the image or the model changes.',
];

test('a comment changes nothing', () => {
  expect(effects([['# How a new', '# The way a new']])).toEqual([
    'notice no-change: Nothing happens: it means what it meant.',
  ]);
});

test('an earlier share says when, and how many stations more', () => {
  const found = effects([['- ramp: 10%\n    for: 7d', '- ramp: 10%\n    for: 3d']], 290);
  expect(found).toMatchInlineSnapshot(`
    [
      "warning changes-next-phase: A release that is running keeps the length of the phase that it is in, and takes the new lengths from the next one on.",
      "warning shortens-phase: The phase at 10 % lasts 3d instead of 7d.",
      "warning exposes-earlier: Exposes 25 % of the stations (about 73) from day 18 instead of day 22, 4d earlier, and what follows with it.",
      "warning undetected-loss: The phase at 10 % cannot detect a 5 % loss with 290 stations by its end on day 17 (power under 1 %): the live guard finds losses from 30 % on, until now losses from 25 % on; what is smaller the backtest must find.",
      "notice changes-length: The whole release takes 66d instead of 70d.",
      "notice underpowered-phase: The phase at 10 %, about 29 stations, shows a change of engagement or feedback from 11 % on: 5 % would need 71 in the canary. Accuracy is judged on every station all the same.",
      "notice moves-peak: Peak 2.0× the pods (4) for 66d, instead of 2.0× (4) for 70d.",
    ]
  `);
});

test('a phase that goes takes its judgement with it; one that comes says when', () => {
  const moved = effects([['- ramp: 25%\n    for: 14d', '- ramp: 30%\n    for: 9d']], 115);
  expect(moved).toEqual(expect.arrayContaining(restarts));
  expect(moved.filter((line) => !restarts.includes(line))).toMatchInlineSnapshot(`
    [
      "warning exposes-more: Stops at 30 % (about 35) instead of 25 % (about 29), for 9d, from day 22 on.",
      "warning exposes-earlier: Exposes 50 % of the stations (about 58) from day 31 instead of day 36, 5d earlier, and what follows with it.",
      "notice changes-length: The whole release takes 65d instead of 70d.",
      "notice underpowered-phase: The phase at 30 %, about 35 stations, shows a change of engagement or feedback from 11 % on: 5 % would need 91 in the canary. Accuracy is judged on every station all the same.",
      "notice moves-peak: Peak 2.0× the pods (4) for 65d, instead of 2.0× (4) for 70d.",
    ]
  `);
});

test('a stop more, and a stop fewer', () => {
  const rules = (edits: readonly (readonly [string, string])[]) =>
    effects(edits).filter((line) => /(adds|removes)-phase|exposes/.test(line));
  expect(rules([['  - ramp: 25%', '  - ramp: 20%\n    for: 3d\n  - ramp: 25%']])).toMatchInlineSnapshot(`
    [
      "notice adds-phase: Stops at 20 % for 3d, from day 22 on.",
      "notice exposes-later: Exposes 25 % of the stations from day 25 instead of day 22, 3d later, and what follows with it.",
    ]
  `);
  expect(rules([['  - ramp: 10%\n    for: 7d\n    on_call: [devops, ml-engineers]\n', '']])).toMatchInlineSnapshot(`
    [
      "danger removes-phase: Removes the only judgement between 0 and 25 % of the stations: nothing stops at 10 % any more.",
      "warning exposes-earlier: Exposes 25 % of the stations from day 15 instead of day 22, 7d earlier, and what follows with it.",
    ]
  `);
});

test('a longer shadow delays everything after it', () => {
  const found = effects([['- shadow: 100%\n    for: 14d', '- shadow: 100%\n    for: 21d']]);
  expect(found).toMatchInlineSnapshot(`
    [
      "warning changes-next-phase: A release that is running keeps the length of the phase that it is in, and takes the new lengths from the next one on.",
      "notice lengthens-phase: The shadow lasts 21d instead of 14d.",
      "notice exposes-later: Exposes 10 % of the stations from day 22 instead of day 15, 7d later, and what follows with it.",
      "notice changes-length: The whole release takes 77d instead of 70d.",
      "notice moves-peak: Peak 2.0× the pods (4) for 77d, instead of 2.0× (4) for 70d.",
    ]
  `);
});

test('gates: more harm is a danger, less is not, and a floor is the other way round', () => {
  expect(effects([['  latency: 100', '  latency: 150']])).toMatchInlineSnapshot(`
    [
      "danger loosens-gate: The limit of latency is 150 ms instead of 100: more harm passes, from the next phase of a running release on.",
    ]
  `);
  expect(effects([['  latency: 100', '  latency: 50']])).toMatchInlineSnapshot(`
    [
      "notice tightens-gate: The limit of latency is 50 ms instead of 100: it aborts sooner, from the next phase of a running release on.",
    ]
  `);
  const lower = '  fallback:\n    threshold: 0.01\n  label-coverage:\n    threshold: 0.5';
  expect(effects([['  fallback:\n    threshold: 0.01', lower]])).toMatchInlineSnapshot(`
    [
      "danger loosens-gate: The limit of label-coverage is 0.5 share instead of 0.9: more harm passes, from the next phase of a running release on.",
    ]
  `);
});

test('the judge', () => {
  const judge = (text: string) => effects([['\nrehearsal:', `\njudge:\n${text}\nrehearsal:`]]);
  expect(judge('  accepted_loss: half the memory')).toMatchInlineSnapshot(`
    [
      "danger accepts-loss: A proven loss of accuracy below 5 % no longer aborts; the reason given: "half the memory".",
    ]
  `);
  expect(judge('  truth_delay: 24h')).toContainEqual(expect.stringContaining('moves-truth-delay'));
  expect(judge('  database: postgresql')).toMatchInlineSnapshot(`
    [
      "danger moves-database: The scorer starts on an empty database: what it knows of a running release is lost, and its judgement starts again.",
    ]
  `);
  expect(judge('  drift:\n    cusum: { limit: 4 }')).toMatchInlineSnapshot(`
    [
      "notice moves-drift-limits: Drift is alerted on by other limits; no release is stopped for drift.",
    ]
  `);
  expect(judge('  tariff: { shortfall_per_mwh: 50 }')).toMatchInlineSnapshot(`
    [
      "notice moves-tariff: Errors are priced by another tariff from now on: costs before and after are not of one measure.",
    ]
  `);
});

test('pods', () => {
  expect(effects([['replicas: 2', 'replicas: 4']])).toMatchInlineSnapshot(`
    [
      "danger clears-abort: If the last release was aborted and git still names it, this clears the abort, and the rejected release is tried again. Revert to the stable digest first.",
      "warning resets-release: A release that is running goes back to step 0: its stations return to the stable version, and its shadow of 14d begins again.",
      "warning scales-service: The service runs on 4 pods instead of 2, at once, also while a release runs.",
      "warning moves-peak: Peak 2.0× the pods (8) for 28d, instead of 2.0× (4) for 70d.",
      "notice waits-for-release: While no release runs, it has no effect until the image or the model changes.",
    ]
  `);
});

test('what no release feels', () => {
  expect(
    effects([
      ['owner: forecasting', 'owner: grid'],
      ['docs/runbooks/forecast-release.md', 'docs/runbooks/other.md'],
      ['ramp: 24h', 'ramp: 48h'],
    ]),
  ).toMatchInlineSnapshot(`
    [
      "notice moves-owner: grid answers for the service instead of forecasting.",
      "notice moves-runbook: Pauses and alerts point to docs/runbooks/other.md instead of docs/runbooks/forecast-release.md.",
      "notice moves-rehearsal: Rehearsals replay 14d of shadow and 2d of each ramp; no cluster is touched.",
    ]
  `);
});

test('another name is another service', () => {
  expect(effects([['service: forecast', 'service: forecast-v2']])).toMatchInlineSnapshot(`
    [
      "danger renames-service: "forecast-v2" is another service than "forecast": everything of forecast is deleted, with what its scorer knows, and forecast-v2 starts at once with 100 % of the stations, unshadowed and unjudged.",
    ]
  `);
});

/** What another target does with the plan as it is. */
function targetEffects(change: Partial<Target>): string[] {
  const plan = parsePlan(shipped, file);
  const targets = { before: target, after: { ...target, ...change } };
  const effects = effectsOf({ before: plan, after: plan, targets, gates: [latency], stations: null, live: null });
  return effects.map(({ severity, rule, sentence }) => `${severity} ${rule}: ${sentence}`);
}

test('another image or model is a release', () => {
  expect(targetEffects({ release: `sha256:${'3'.repeat(64)}` })).toMatchInlineSnapshot(`
    [
      "warning starts-release: Releases model sha256:333333333333 on image model-server@sha256:111111111111: 14d of shadow first, the first stations on day 15. A release that is running ends here, and its stations return to the stable version.",
    ]
  `);
  expect(targetEffects({ arm: 'online' })).toEqual([expect.stringContaining('starts-release')]);
});

test('a stack that judges less, asks elsewhere or moves is told; so is what no rule knows', () => {
  expect(targetEffects({ backtested: false })).toMatchInlineSnapshot(`
    [
      "warning distrusts-backtest: The guard itself must say safe before the release goes on, as for one without a backtest.",
    ]
  `);
  expect(targetEffects({ prometheus_url: 'http://other:9090' })).toMatchInlineSnapshot(`
    [
      "warning moves-prometheus: Gates ask http://other:9090 instead of http://prometheus:9090, from the next phase of a running release on: what that one has not scraped counts as no data.",
    ]
  `);
  expect(targetEffects({ namespace: 'elsewhere' })).toMatchInlineSnapshot(`
    [
      "danger moves-namespace: "elsewhere" is another namespace than "forecast": everything of forecast is deleted, with what its scorer knows, and elsewhere starts at once with 100 % of the stations, unshadowed and unjudged.",
    ]
  `);
  expect(targetEffects({ time: { ...productionTime, interval_s: 60 } })).toEqual([
    expect.stringContaining('warning unnamed-change'),
  ]);
});

test('a limit of one phase moves there alone', () => {
  const own = [['- ramp: 10%', '- ramp: 10%\n    gates: { latency: { threshold: 150 } }']] as const;
  expect(effects(own)).toEqual([
    'danger loosens-gate: The limit of latency in ramp-10 is 150 ms instead of 100: more harm passes, from the next phase of a running release on.',
  ]);
});

test('with a first day the days have dates, and a hold moves what follows it', () => {
  const dated = 'replicas: 2\ncalendar: { start: 2027-01-04, zone: Europe/Berlin }';
  const held =
    '- hold: the first stations are asked\n    for: 2d\n    by: product\n    on_call: [devops]\n  - ramp: 25%';
  const before = parsePlan(shipped.replace('replicas: 2', dated), file);
  const after = parsePlan(shipped.replace('replicas: 2', dated).replace('- ramp: 25%', held), file);
  const change = { before, after, targets, gates: [latency], stations: 115, live: null };
  expect(effectsOf(change).map(({ sentence }) => sentence)).toEqual(
    expect.arrayContaining([
      'Exposes 25 % of the stations (about 29) from Wednesday 2027-02-10 instead of Monday 2027-02-08, 2d later, and what follows with it.',
      'The whole release takes 72d instead of 70d.',
    ]),
  );
});
