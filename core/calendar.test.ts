import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assessedWindows, datedSteps, stepsWithoutOnCall, trainingSpan, weeksOf } from './calendar.ts';
import { parsePlan } from './plan.ts';
import type { Freeze, Training } from './plan-types.ts';

const { steps, ...plan } = parsePlan(
  readFileSync(new URL('../rollouts/forecast.yaml', import.meta.url), 'utf8'),
  'forecast.yaml',
);
const HOUR_MS = 3_600_000;
const utc = (ms: number) => new Date(ms).toISOString().slice(0, 16);
const freeze = (from: string, to: string, zone = 'UTC'): Freeze => ({ name: `until ${to}`, from, to, zone });
const start = { start: '2027-01-04', zone: 'UTC' };

test('the strategy has thirteen weeks', () => {
  expect(weeksOf(steps).map(({ step, first_week, last_week }) => [step.name, first_week, last_week])).toEqual([
    ['prepare-1', 1, 2],
    ['shadow', 3, 4],
    ['ramp-10', 5, 5],
    ['ramp-25', 6, 7],
    ['ramp-50', 8, 8],
    ['ramp-75', 9, 10],
    ['ramp-100', 11, 12],
    ['hold-1', 13, 13],
    ['retire-1', 13, 13],
    ['assess', 13, 13],
  ]);
});

test('each step begins when the one before it ends', () => {
  const dated = datedSteps({ steps, freezes: [] }, start);
  expect(utc(dated[0]?.begin_ms ?? 0)).toBe('2027-01-04T00:00');
  expect(dated.slice(1).map(({ begin_ms }) => begin_ms)).toEqual(dated.slice(0, -1).map(({ end_ms }) => end_ms));
  expect(utc(dated.at(-1)?.end_ms ?? 0)).toBe('2027-04-05T00:00');
});

test('a step lasts its hours also where the clocks are changed: begun at midnight, it ends at one', () => {
  // Berlin goes from UTC+1 to UTC+2 on 28 March 2027.
  const [prepared] = datedSteps({ steps, freezes: [] }, { start: '2027-03-22', zone: 'Europe/Berlin' });
  expect([utc(prepared?.begin_ms ?? 0), utc(prepared?.end_ms ?? 0)]).toEqual(['2027-03-21T23:00', '2027-04-04T23:00']);
});

test('what would end in a freeze goes on until its end, by the clock of its zone, and through the next one that follows it', () => {
  const freezes = [
    freeze('2027-02-25', '2027-03-01', 'America/New_York'),
    freeze('2027-02-01', '2027-02-03 12:00'),
    freeze('2027-02-03 12:00', '2027-02-05'),
  ];
  const [prepared, shadow, first, second] = datedSteps({ steps, freezes }, start);
  expect([prepared, shadow, first, second].map((step) => [utc(step?.end_ms ?? 0), step?.waits_for])).toEqual([
    ['2027-01-18T00:00', []],
    ['2027-02-05T00:00', ['until 2027-02-03 12:00', 'until 2027-02-05']],
    ['2027-02-12T00:00', []],
    ['2027-03-01T05:00', ['until 2027-03-01']],
  ]);
});

test('a freeze ends with its last moment: what is due just then is not held', () => {
  const freezes = [freeze('2027-01-10', '2027-01-18')];
  expect(datedSteps({ steps, freezes }, start)[0]).toMatchObject({ waits_for: [] });
});

test('an assessment moves nothing, and ends in a freeze as it would', () => {
  const freezes = [freeze('2027-04-04', '2027-05-01')];
  expect(utc(datedSteps({ steps, freezes }, start).at(-1)?.end_ms ?? 0)).toBe('2027-04-05T00:00');
});

test('whatever the freezes, nothing but an assessment ends in one, none is shorter than it is long, and none waits without one', () => {
  const day = (n: number) => new Date(Date.UTC(2027, 0, 1 + n)).toISOString().slice(0, 10);
  const freezeAt = fc.tuple(fc.nat(100), fc.integer({ min: 1, max: 20 })).map(([n, d]) => freeze(day(n), day(n + d)));
  fc.assert(
    fc.property(fc.array(freezeAt, { maxLength: 5 }), (freezes) => {
      for (const { step, begin_ms, end_ms, waits_for } of datedSteps({ steps, freezes }, start)) {
        const length_ms = step.hours * HOUR_MS;
        expect(end_ms - begin_ms).toBeGreaterThanOrEqual(length_ms);
        expect(end_ms - begin_ms > length_ms).toBe(waits_for.length > 0);
        if (step.kind === 'assess') continue;
        const at = utc(end_ms).slice(0, 10);
        expect(freezes.filter(({ from, to }) => from <= at && at < to)).toEqual([]);
      }
    }),
  );
});

test('an assessment compares the days up to the first ramp with those after the last one', () => {
  const dated = datedSteps({ steps, freezes: [] }, start);
  const assessment = steps.find((step) => step.kind === 'assess');
  if (assessment === undefined) throw new Error('the shipped plan has no assessment');
  const { before, after } = assessedWindows(dated, assessment);
  expect([before, after].map(({ begin_ms, end_ms }) => [utc(begin_ms), utc(end_ms)])).toEqual([
    ['2026-11-03T00:00', '2027-02-01T00:00'],
    ['2027-03-29T00:00', '2027-06-27T00:00'],
  ]);
});

test('a training is held on a day before its phase, at its hour by the clock of the calendar, whatever the clocks do between', () => {
  const training: Training = { title: 'charts', before: 'shadow', days_before: 10, at: '09:30', minutes: 90 };
  const berlin = { start: '2027-03-22', zone: 'Europe/Berlin' };
  const span = trainingSpan(training, datedSteps({ steps, freezes: [] }, berlin), berlin);
  // Ten days before 5 April, when the shadow begins at one o'clock in summer time: 26 March, in winter time.
  expect([utc(span.begin_ms), utc(span.end_ms)]).toEqual(['2027-03-26T08:30', '2027-03-26T10:00']);
  const ramp = trainingSpan({ ...training, before: 'ramp' }, datedSteps({ steps, freezes: [] }, start), start);
  expect(utc(ramp.begin_ms)).toBe('2027-01-22T09:30');
});

test('who is missing on call', () => {
  expect(stepsWithoutOnCall({ ...plan, steps })).toEqual([]);
  const nobody = steps.map((step) => ({ ...step, on_call: [] }));
  expect(stepsWithoutOnCall({ steps: nobody }).map(({ name }) => name)).toEqual([
    'shadow',
    ...['ramp-10', 'ramp-25', 'ramp-50', 'ramp-75', 'ramp-100'],
    ...['hold-1', 'retire-1'],
  ]);
});
