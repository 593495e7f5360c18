import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { defaultJudge } from '../judge/settings.ts';
import { parsePlan } from '../plan.ts';
import type { Success } from '../plan-types.ts';
import { type Assessment, assess } from './assess.ts';
import type { Assumptions } from './assumptions.ts';
import type { CaveatRule } from './caveats.ts';
import type { DayFact } from './day-fact.ts';
import { type ExampleChoices, exampleChoices, exampleFacts, strategy } from './example-facts.ts';

const plan = {
  text: readFileSync(new URL('../../rollouts/forecast.yaml', import.meta.url), 'utf8'),
  file: 'rollouts/forecast.yaml',
  tariff: defaultJudge.tariff,
  success: strategy,
};

const from = { facts: 'days that never were', resources: null };

function assessed(changes: Partial<ExampleChoices> = {}, facts?: DayFact[], assumptions: Assumptions = {}): Assessment {
  const choices = { ...exampleChoices, ...changes };
  const { before, after } = choices;
  return assess({ facts: facts ?? exampleFacts(choices), before, after, assumptions, plan, from });
}

const answerOf = ({ criteria }: Assessment, name: string) => criteria.find((criterion) => criterion.name === name);
const rules = ({ cannot_be_concluded }: Assessment) => cannot_be_concluded.map(({ rule }) => rule);

test('20 % less error on the same days, a little slower, liked: every criterion is met, in these words', () => {
  const assessment = assessed();
  expect(assessment.outcome).toBe('met');
  expect(assessment.criteria.map(({ sentence }) => sentence)).toMatchInlineSnapshot(`
    [
      "The mean absolute error was 20.0 % lower (between 19.9 % lower and 20.0 % lower; both releases forecast the same 90 days): at least 15 % lower is proven.",
      "The p99 latency of a day changed by +0.0 ms (−0.0 ms to +0.0 ms): an increase of more than 10 ms is ruled out.",
      "What forecast errors cost was 20.0 % lower (between 19.9 % lower and 20.0 % lower; both releases forecast the same 90 days): at least 10 % lower is proven. Over 90 days that is 1,381 EUR saved (between 1,377 EUR saved and 1,386 EUR saved), if every hour's energy is bought a day ahead as forecast and errors cost 40 EUR for each MWh short and 20 EUR for each left over (the default tariff; rollouts/forecast.yaml states no other).",
      "The mean of 360 scores was 4.00 of 5 (3.95 to 4.05): positive.",
    ]
  `);
  expect(assessment.sentence).toBe(
    'Every success criterion is met. Met: error at least 15 % lower; no significant increase of latency; energy cost of forecast errors at least 10 % lower; positive feedback.',
  );
  expect(assessment.accuracy.mae?.method).toBe('paired');
  expect(assessment.accuracy.mae?.change.value).toBeCloseTo(-0.2, 2);
});

test('days that the later release was trained on prove nothing, and the others stand', () => {
  const until = (trained_to: string) => all.map((fact) => ({ ...fact, trained_to }));
  expect(rules(assessed({}, until('2026-03-31')))).not.toContain('trained-on-window');
  const trained = assessed({}, until('2026-04-01'));
  expect(trained.criteria.map(({ answer }) => answer)).toEqual([
    'cannot be concluded',
    'met',
    'cannot be concluded',
    'met',
  ]);
  expect(trained.criteria[0]?.sentence).toMatch(/was 20\.0 % lower .*: the release was trained on some of these days/);
  expect(trained.sentence).toMatch(/^Whether the release was a success cannot be concluded\. Met: no significant/);
});

test('without pairs the control carries the comparison, and says so', () => {
  const assessment = assessed({ paired: false });
  expect(assessment.accuracy.mae?.method).toBe('difference in differences');
  expect(assessment.accuracy.mae?.change.value).toBeCloseTo(-0.2, 2);
  expect(rules(assessment)).toContain('no-concurrent-control');
  expect(rules(assessed())).not.toContain('no-concurrent-control');
});

test.each([
  ['accuracy', { error_ratio: 0.95 }, 'not met'],
  ['accuracy', { error_ratio: 0.85 }, 'cannot be concluded'],
  ['user-relevant', { error_ratio: 0.97 }, 'not met'],
  ['latency', { slower_ms: 40 }, 'not met'],
  ['feedback', { score: 2 }, 'not met'],
  ['feedback', { score: null }, 'cannot be concluded'],
] as const)('%s with %j: %s', (name, changes, answer) => {
  const assessment = assessed(changes);
  expect(answerOf(assessment, name)?.answer).toBe(answer);
  expect(assessment.outcome).toBe(assessment.criteria.some((c) => c.answer === 'not met') ? 'not met' : answer);
});

test.each(['accuracy', 'energy', 'latency_counts', 'feedback'] as const)(
  'what nobody recorded never passes: %s',
  (field) => {
    const facts = exampleFacts(exampleChoices).map((fact) => ({ ...fact, [field]: null }));
    const assessment = assessed({}, facts);
    expect(assessment.outcome).toBe('cannot be concluded');
    expect(assessment.criteria.filter(({ answer }) => answer !== 'met')).toHaveLength(1);
  },
);

test('what was recorded and cannot be compared is not called missing', () => {
  const recorded = /^The (error|energy cost) of both windows was recorded, and on no day can it be compared/;
  const zero = all.map((fact) => (after(fact) && serving(fact) ? zeroed(fact) : fact));
  const alone = all.filter(({ role }) => role === 'serving');
  for (const facts of [zero, alone])
    for (const name of ['accuracy', 'user-relevant'])
      expect(answerOf(assessed({}, facts), name)).toMatchObject({
        answer: 'cannot be concluded',
        sentence: expect.stringMatching(recorded),
      });
  const unrecorded = all.map((fact) => (after(fact) ? { ...fact, accuracy: null } : fact));
  expect(answerOf(assessed({}, unrecorded), 'accuracy')?.sentence).toBe('No error was recorded in both windows.');
});

function zeroed(fact: DayFact): DayFact {
  return { ...scaledBy(fact, 0), energy: { station_hours: 96, shortfall_kwh: 0, surplus_kwh: 0 } };
}

test('27 days conclude nothing, 28 do', () => {
  const days = (n: number) => ({ from: '2026-04-01', to: `2026-04-${n}` });
  for (const paired of [true, false]) {
    expect(answerOf(assessed({ after: days(27), paired }), 'accuracy')?.answer).toBe('cannot be concluded');
    expect(answerOf(assessed({ after: days(28), paired }), 'accuracy')?.answer).toBe('met');
  }
});

const all = exampleFacts(exampleChoices);
const after = ({ day }: DayFact) => day >= exampleChoices.after.from;
const serving = ({ role }: DayFact) => role === 'serving';
const caveatCases: [CaveatRule, DayFact[]][] = [
  ['no-concurrent-control', all.filter(({ role }) => role !== 'beside')],
  ['control-moved', all.map((fact) => (after(fact) ? scaledBy(fact, 1.5) : fact))],
  ['short-window', all.filter(({ day }) => !day.startsWith('2026-06'))],
  [
    'overlapping-releases',
    all.map((fact) => (serving(fact) && fact.day >= '2026-06-01' ? { ...fact, release: 'third' } : fact)),
  ],
  [
    'overlapping-effects',
    [
      ...all,
      ...all
        .filter((fact) => serving(fact) && fact.day === '2026-05-05')
        .map((fact) => ({ ...fact, release: 'third' })),
    ],
  ],
  ['trained-on-window', all.map((fact) => ({ ...fact, trained_to: '2026-05-05' }))],
  ['nested-stations', all.map((fact) => ({ ...fact, nested_stations: true }))],
  ['same-release', all.map((fact) => (serving(fact) ? { ...fact, release: 'same' } : fact))],
  ['missing-truth', all.map((fact) => ({ ...fact, expected_station_hours: 110 }))],
  ['missing-latency', all.map((fact) => ({ ...fact, latency_counts: null }))],
  ['missing-feedback', all.map((fact) => ({ ...fact, feedback: null }))],
  ['missing-engagement', all.map((fact) => (after(fact) ? { ...fact, engagement: null } : fact))],
  ['missing-resources', all.map((fact) => (after(fact) ? { ...fact, resources: null } : fact))],
  ['missing-drift', all.map((fact) => ({ ...fact, drift_events: null }))],
];

test('drifts of the inputs come from the control, once for all releases, and days that nobody watched are said', () => {
  const facts = all.map((fact): DayFact => {
    const drifted = fact.role === 'control' && fact.day === '2026-05-05';
    return { ...fact, drift_events: drifted ? 2 : fact.day < '2026-05-01' ? null : fact.drift_events };
  });
  const { drift_events, cannot_be_concluded, lessons } = assessed({}, facts);
  expect(drift_events).toEqual({ before: null, after: 2 });
  expect(cannot_be_concluded.map(({ sentence }) => sentence)).toContainEqual(
    expect.stringContaining('Drift was watched on 60 of 180 days'),
  );
  expect(lessons).toContainEqual(expect.stringContaining('2 drift events'));
});

function scaledBy(fact: DayFact, factor: number): DayFact {
  const stations = Object.fromEntries(
    Object.entries(fact.accuracy?.stations ?? {}).map(([id, [n, a, q]]): [string, [number, number, number]] => [
      id,
      [n, a * factor, q * factor ** 2],
    ]),
  );
  return { ...fact, accuracy: fact.accuracy === null ? null : { ...fact.accuracy, stations } };
}

test.each(caveatCases)('%s is said, and only where it holds', (rule, facts) => {
  expect(rules(assessed({}, facts))).toContain(rule);
  expect(rules(assessed())).not.toContain(rule);
});

test('a year apart the season is the same', () => {
  expect(rules(assessed())).toEqual(['seasons-differ']);
  const year = { after: { from: '2027-01-01', to: '2027-03-31' } };
  expect(rules(assessed(year))).toEqual([]);
});

test('days on which two releases served enter neither side', () => {
  const shared = (fact: DayFact) => serving(fact) && fact.day >= '2026-04-01' && fact.day <= '2026-04-20';
  const ramp = all.filter(shared).map((fact) => ({
    ...scaledBy({ ...fact, release: 'earlier', arm: 'old' }, 9),
    engagement: { shown: 50, followed: 0 },
    feedback: { scores: 4, sum: 4, sum_sq: 4, texts: ['the old one'] },
  }));
  const assessment = assessed({}, [...all, ...ramp]);
  expect(assessment.accuracy.mae?.days).toEqual({ before: 0, after: 70 });
  expect(assessment.accuracy.mae?.change.value).toBeCloseTo(-0.2, 2);
  const without = assessed(
    {},
    all.filter((fact) => !shared(fact)),
  );
  expect(assessment.accuracy).toEqual(without.accuracy);
  expect(assessment.people).toEqual(without.people);
});

test('the return needs every amount to be stated, and is what its lines say', () => {
  expect(assessed().roi.roi).toBeNull();
  expect(assessed().roi.sentence).toContain('one-off cost (nobody states it)');
  const stated = (value: number) => ({ value, source: 'the owner' });
  const { roi } = assessed({}, undefined, {
    cpu_hour: stated(2),
    memory_gb_hour: stated(1),
    one_off_cost: stated(10),
    other_benefits: [{ name: 'fewer calls', value: 5, source: 'support' }],
  });
  // 90 days at 1.25 instead of 1 CPU hour, the same memory.
  expect(roi.costs.map(({ amount }) => amount)).toEqual([expect.closeTo(45, 9), 0, 10]);
  const benefit = roi.benefits.reduce((sum, { amount }) => sum + (amount ?? Number.NaN), 0);
  expect(roi.roi?.value).toBeCloseTo((benefit - 55) / 55, 12);
  expect(roi.roi?.low).toBeLessThan(roi.roi?.value ?? 0);
});

test('what rounds to nothing has no return', () => {
  const { roi } = assessed({}, undefined, {
    cpu_hour: { value: 1e-10, source: 'the owner' },
    ...{ memory_gb_hour: { value: 0, source: 'the owner' }, one_off_cost: { value: 0, source: 'the owner' } },
  });
  expect(roi.roi).toBeNull();
  expect(roi.sentence).toBe('Less than 0.01 EUR more was spent: a return on so little cannot be stated.');
});

test('resources of some days are said for those days, and give no sum of the window', () => {
  const facts = all.map((fact) => (fact.day < '2026-01-11' ? { ...fact, resources: null } : fact));
  const { resources, cannot_be_concluded, roi, lessons } = assessed({}, facts);
  expect(resources).toMatchObject({ before: { days: 80, of_days: 90 }, after: { days: 90, of_days: 90 } });
  expect(resources.extra).toEqual({ cpu_h: null, gpu_h: null, memory_gb_h: null });
  expect(cannot_be_concluded.map(({ sentence }) => sentence)).toContainEqual(
    expect.stringContaining('CPU and memory were recorded on 80 of 90 days before and 90 of 90 after'),
  );
  expect(roi.costs[0]?.source).toContain('CPU hours were not recorded on every day of both windows');
  expect(lessons).toContainEqual(expect.stringContaining('recorded on 80 days before and 90 after'));
});

test("the first of a release's arms carries the failed calls of all, and a day without any makes their sum unknown", () => {
  const arms = all.flatMap((fact) => {
    if (!serving(fact) || fact.forecasts === null) return [fact];
    return [fact, { ...fact, arm: 'weekly', resources: null, forecasts: { ...fact.forecasts, failed: null } }];
  });
  expect(assessed({}, arms).forecasts.after).toEqual({ answered: 180_000, failed: 90, fallback: 360 });
  const gap = arms.map((fact) =>
    fact.day === '2026-05-05' && fact.forecasts !== null
      ? { ...fact, forecasts: { ...fact.forecasts, failed: null } }
      : fact,
  );
  expect(assessed({}, gap).forecasts.after?.failed).toBeNull();
});

test('saved is what the same days would have cost more, at the tariff', () => {
  const { energy } = assessed();
  const kwh = all
    .filter((fact) => serving(fact) && after(fact))
    .map(({ energy: of }) => of ?? { shortfall_kwh: 0, surplus_kwh: 0 });
  const cost = kwh.reduce((sum, of) => sum + (40 * of.shortfall_kwh + 20 * of.surplus_kwh) / 1000, 0);
  expect(energy.cost.after).toBeCloseTo(cost, 9);
  const change = energy.change?.change.value ?? Number.NaN;
  expect(change).toBeCloseTo(-0.2, 2);
  expect(energy.saved?.value).toBeCloseTo(cost / (1 + change) - cost, 9);
});

test('the drafted plan is a valid plan with what the evidence changes in it', () => {
  const unchanged = assessed();
  expect(unchanged.next.changes).toEqual([]);
  expect(parsePlan(unchanged.next.yaml, 'draft')).toEqual(parsePlan(plan.text, 'plan'));
  const worse = all.map((fact) => (serving(fact) && after(fact) ? oneStationWorse(fact) : fact));
  const changed = assessed(
    {},
    worse.map((fact) => ({
      ...fact,
      latency_counts:
        fact.latency_counts === null || !after(fact) ? fact.latency_counts : fact.latency_counts.toReversed(),
    })),
  );
  const draft = parsePlan(changed.next.yaml, 'draft');
  expect(draft.phases[0]?.hours).toBe(28 * 24);
  expect(draft.phases[1]?.weight_percent).toBe(5);
  expect(draft.gates.latency?.threshold).toBe(10);
  expect(changed.next.yaml).toContain('# Draft of the next phase');
  expect(changed.lessons.join(' ')).toContain('At 1 of 4 stations the error rose by more than 5 %, most at west');
});

function oneStationWorse(fact: DayFact): DayFact {
  const [hours = 0, abs_kw = 0, sq_kw2 = 0] = fact.accuracy?.stations.west ?? [];
  const west: [number, number, number] = [hours, 2 * abs_kw, 4 * sq_kw2];
  const stations = { ...fact.accuracy?.stations, west };
  return { ...fact, accuracy: fact.accuracy === null ? null : { ...fact.accuracy, stations } };
}

test('the JSON is what its schema says', () => {
  const schema = JSON.parse(readFileSync(new URL('assessment.schema.json', import.meta.url), 'utf8'));
  const valid = new Ajv2020({ allErrors: true, strictTypes: false }).compile(schema);
  for (const assessment of [
    assessed(),
    assessed(
      {},
      all.map((fact) => ({ ...fact, accuracy: null, energy: null })),
    ),
  ]) {
    valid(JSON.parse(JSON.stringify(assessment)));
    expect(valid.errors).toBeNull();
  }
  expect(valid({ ...assessed(), outcome: 'fine' })).toBe(false);
});

test('what the plan calls a success is what is asked: more accuracy, another latency, a score from so many answers', () => {
  const asked = (success: Partial<Success>) =>
    assess({
      ...{ facts: all, before: exampleChoices.before, after: exampleChoices.after, assumptions: {}, from },
      plan: { ...plan, success: { ...strategy, ...success } },
    });
  const criterion = (success: Partial<Success>, name: string) => answerOf(asked(success), name);
  expect(criterion({ accuracy_percent: 25 }, 'accuracy')).toMatchObject({
    ...{ title: 'Error at least 25 % lower', answer: 'not met' },
    sentence: expect.stringContaining('25 % lower is ruled out'),
  });
  expect(criterion({ outcome_percent: 25 }, 'user-relevant')?.answer).toBe('not met');
  expect(criterion({ latency_ms: 40 }, 'latency')?.sentence).toContain('more than 40 ms is ruled out');
  expect(asked({ latency_ms: 40 }).assumptions).toContainEqual(
    expect.objectContaining({ value: '40 ms', source: 'success.latency of rollouts/forecast.yaml' }),
  );
  const feedback = (score: number, answers: number) => criterion({ feedback: { score, answers } }, 'feedback');
  expect(feedback(3.5, 30)).toMatchObject({ title: 'Feedback of at least 3.5 of 5', answer: 'met' });
  expect(feedback(4.5, 30)).toMatchObject({ answer: 'not met', sentence: expect.stringContaining('4.5 is ruled out') });
  expect(feedback(4, 30)?.answer).toBe('cannot be concluded');
});

test('answers that are missing never pass, however good those are that came', () => {
  const success = { ...strategy, feedback: { score: 3.5, answers: 361 } };
  const { outcome, criteria, cannot_be_concluded, next } = assess({
    ...{ facts: all, before: exampleChoices.before, after: exampleChoices.after, assumptions: {}, from },
    plan: { ...plan, success },
  });
  expect(outcome).toBe('cannot be concluded');
  expect(criteria.find(({ name }) => name === 'feedback')?.sentence).toBe(
    'The mean of 360 scores was 4.00 of 5: 361 scores are needed.',
  );
  expect(cannot_be_concluded.map(({ rule }) => rule)).toContain('missing-feedback');
  expect(next.changes).toEqual([]);
});
