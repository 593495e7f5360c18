import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exampleTarget as target } from '../compile/example-target.ts';
import { type Plan, parsePlan } from '../plan.ts';
import { isJudged } from '../plan-steps.ts';
import type { PlanStep } from '../plan-types.ts';
import { effectsOf } from './effect.ts';
import { pinsBeyondStep } from './pins.ts';

const plan = parsePlan(readFileSync(new URL('../../rollouts/forecast.yaml', import.meta.url), 'utf8'), 'forecast.yaml');
const ids = (count: number) => Array.from({ length: count }, (_, i) => `S-${i}`);

type Side = { plan?: Partial<Plan>; pinned?: number; kept_out?: number };

/** What going from one side to the other does, by one of these rules, as lines of severity, rule and sentence. */
function effects(rules: RegExp, stations: number | null, before: Side, after: Side): string[] {
  const targetOf = ({ pinned = 0, kept_out = 0 }: Side) => ({
    ...target,
    stations: { pinned: ids(pinned), kept_out: ids(kept_out) },
  });
  return effectsOf({
    ...{ before: { ...plan, ...before.plan }, after: { ...plan, ...after.plan } },
    ...{ targets: { before: targetOf(before), after: targetOf(after) }, gates: [], stations, live: null },
  })
    .filter(({ rule }) => rules.test(rule))
    .map(({ severity, rule, sentence }) => `${severity} ${rule}: ${sentence}`);
}

const withHours = (hours: Record<string, number>): Partial<Plan> => {
  const steps = plan.steps.map((step): PlanStep => ({ ...step, hours: hours[step.name] ?? step.hours }));
  return { steps, phases: steps.filter(isJudged) };
};

const undetected = /^undetected-loss$/;

test('a phase that finds less than before says what it cannot find, once', () => {
  const short = { plan: withHours({ shadow: 72 }) };
  expect(effects(undetected, 12, {}, short)).toMatchInlineSnapshot(`
    [
      "warning undetected-loss: The shadow cannot detect a 5 % loss with 12 stations in 3 days (power under 1 %): the live guard finds none, until now losses from 47 % on; what is smaller the backtest must find.",
    ]
  `);
  expect(effects(undetected, null, {}, short)).toMatchInlineSnapshot(`
    [
      "warning undetected-loss: The shadow cannot detect a 5 % loss in 3 days (power under 1 %): the live guard finds none, until now losses from 35 % on; what is smaller the backtest must find.",
    ]
  `);
  expect(effects(undetected, 12, short, {})).toEqual([]);
  const delayed = { plan: { judge: { ...plan.judge, truth_delay_hours: 168 } } };
  expect(effects(undetected, 115, {}, delayed)).toMatchInlineSnapshot(`
    [
      "warning undetected-loss: The shadow cannot detect a 5 % loss with 115 stations in 14 days (power under 1 %): the live guard finds losses from 93 % on, until now losses from 36 % on; what is smaller the backtest must find.",
    ]
  `);
});

test('to lose a loss that was found is a danger, a later phase says its last day, and little is not told', () => {
  const long = { plan: withHours({ shadow: 24 * 900 }) };
  expect(effects(undetected, 115, long, {})).toEqual([
    expect.stringMatching(/^danger undetected-loss: The shadow cannot/),
  ]);
  expect(effects(undetected, 115, {}, { plan: withHours({ shadow: 24 * 13 }) })).toEqual([]);
  const later = effects(undetected, 115, { plan: withHours({ 'ramp-10': 24 * 28 }) }, {});
  expect(later).toEqual([
    expect.stringMatching(/^warning undetected-loss: The phase at 10 % cannot .* by its end on day 21 /),
  ]);
});

test('a hold before a phase delays its last day, as it does its first', () => {
  const held = (hours: Record<string, number>) => {
    const { steps = [] } = withHours(hours);
    const at = steps.findIndex(({ name }) => name === 'ramp-10');
    const hold: PlanStep = { kind: 'hold', name: 'asked', hours: 240, reason: 'Go on?', by: null, on_call: [] };
    return { plan: { ...withHours(hours), steps: steps.toSpliced(at, 0, hold) } };
  };
  const changed = effects(/^undetected-loss$|^exposes-earlier$/, 115, held({ 'ramp-10': 24 * 28 }), held({}));
  expect(changed).toEqual([
    expect.stringMatching(/Exposes 25 % of the stations .* from day 32 instead of day 53/),
    expect.stringMatching(/The phase at 10 % cannot .* by its end on day 31 /),
  ]);
});

test('more arms share the error, and what is accepted is told by another rule', () => {
  const one = { plan: { arms: null } };
  expect(effects(undetected, 115, one, {})).toHaveLength(1);
  expect(effects(undetected, 115, {}, one)).toEqual([]);
  const accepting = { plan: { judge: { ...plan.judge, accepted_loss: 'half the memory' } } };
  expect(effects(undetected, 115, {}, accepting)).toEqual([]);
});

test('stations apart are exposed by the first step, or not at all', () => {
  const apart = /apart$|pins-exceed/;
  expect(effects(apart, 115, {}, { pinned: 10, kept_out: 5 })).toEqual([
    'warning exposes-more-apart: Of 115 stations 10 are pinned and 5 kept out: the first step, 10 %, exposes about 20 instead of 12.',
  ]);
  expect(effects(apart, 115, {}, { kept_out: 40 })).toEqual([
    'notice exposes-fewer-apart: Of 115 stations 0 are pinned and 40 kept out: the first step, 10 %, exposes about 8 instead of 12.',
  ]);
  expect(effects(apart, null, {}, { pinned: 10 })).toEqual([]);
  expect(effects(apart, 115, { pinned: 40 }, { pinned: 40 })).toEqual([]);
  const moved = { pinned: 10, plan: withHours({ shadow: 48 }) };
  expect(effects(/^exposes-earlier$/, 115, { pinned: 10 }, moved)).toEqual([
    expect.stringContaining('Exposes 10 % of the stations (about 21)'),
  ]);
});

test('where every station is in the canary, no number of them is asked for', () => {
  const changed = effects(/^underpowered-phase$/, 20, { plan: withHours({ 'ramp-10': 24 }) }, { pinned: 20 });
  expect(changed).toContain(
    'notice underpowered-phase: The phase at 10 %, about 20 stations, cannot show any change of engagement or feedback. Accuracy is judged on every station all the same.',
  );
});

test('pins that are by themselves more than a step may add', () => {
  expect(effects(/pins-exceed/, 100, {}, { pinned: 25 })).toEqual([]);
  expect(effects(/pins-exceed/, 100, {}, { pinned: 40 })).toEqual([
    'danger pins-exceed-step: 40 pinned stations are 40 % of 100, and all of them come with the first step, 10 %: about 46 at once, where a step may add 25 %. Pin fewer.',
  ]);
  expect(pinsBeyondStep(plan, { stations: null, apart: { pinned: 40, kept_out: 0 } })).toBeNull();
});
