import { expect, test } from 'vitest';
import { accuracyOf, type GateInPlan, gatesOf, phasesOf } from './evidence.ts';
import { armAlpha, GUARD } from './judge/guard.ts';
import { decideOutcome } from './outcome.ts';
import { type AnalysisPhase, type AnalysisRunSeen, type MetricSeen, mergeRun, type Timeline } from './timeline.ts';
import type { VerdictBacktest } from './verdict.ts';

const gate = (name: string, reason: string, threshold: number, unit = '1'): GateInPlan => ({
  name,
  reason,
  titles: { [threshold]: `title of ${name}` },
  unit,
  kind: 'serving',
  threshold,
});
const gates = [
  gate('latency', 'it answers too late', 100, 'ms'),
  gate('restarts', 'its pods restart', 0),
  gate('valid', 'it serves values that are not numbers', 0),
  gate('fresh', 'it repeats old forecasts', 0),
  gate('parity', 'served forecasts differ from recomputed ones', 0),
  gate('memory', 'its memory grows', 0.5),
  gate('guard', 'it is proven less accurate', 0.01),
];
const names = ['shadow', 'ramp-10', 'ramp-25', 'ramp-50', 'ramp-75', 'ramp-100'];
const phases = names.map((name, i) => ({
  name,
  weight_percent: Number(name.split('-')[1] ?? 0),
  hours: i === 0 ? 336 : 24,
  analysis_step: 2 + 2 * i,
}));
const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();

function metric(name: string, phase: AnalysisPhase, values: [AnalysisPhase, number | null][]): MetricSeen {
  const measurements = values.map(([outcome, value], index) => {
    const raw = value === null ? '[]' : `[${value}]`;
    const message = outcome === 'Error' ? 'connection refused' : '';
    return { index, at: at(index), phase: outcome, value, raw, message };
  });
  const consecutive_good = phase === 'Successful' ? 1 : 0;
  const base = { name, phase, message: '', query: null, taken: values.length, consecutive_needed: 1 };
  return { ...base, consecutive_good, measurements };
}

/** A rollout that passed the first `passed` phases and then met `last`. */
function timeline(passed: number, end: Partial<Timeline['end']>, last?: Partial<AnalysisRunSeen>): Timeline {
  const run = (i: number): AnalysisRunSeen => ({
    name: `run-${i}`,
    step: 2 + 2 * i,
    phase: 'Successful',
    message: '',
    metrics: [metric('latency', 'Successful', [['Successful', 3]])],
  });
  const runs = Array.from({ length: passed }, (_, i) => run(i));
  if (last) runs.push({ ...run(passed), ...last });
  const reached = Math.min(passed + (end.kind === 'promoted' ? 0 : 1), phases.length);
  const events = Array.from({ length: reached }, (_, i) => ({
    at: at(i * 10),
    hour: i === 0 ? 0 : 336 + 24 * (i - 1),
    kind: 'step' as const,
    step: i === 0 ? 0 : 1 + 2 * i,
    weight_percent: phases[i]?.weight_percent ?? 0,
    text: '',
  }));
  const values = { mae_stable: 1.25, mae_canary: 1, accuracy_lower: -0.5, accuracy_upper: -0.125, accuracy_hours: 400 };
  const step = phases[Math.min(passed, 5)]?.analysis_step ?? null;
  return {
    rollout: 'forecast',
    started_at: at(0),
    stable_hash: 'aaa',
    canary_hash: 'bbb',
    phases,
    waits: [],
    events,
    runs,
    samples: [{ at: at(1), hour: 400, step: 4, weight_percent: 10, stations_exposed: 12, values }],
    end: { at: at(60), hour: 456, kind: 'aborted', message: '', step, weight_percent: 0, ...end },
  };
}

const backtest = (verdict: VerdictBacktest['verdict']): VerdictBacktest => ({
  verdict,
  days: 120,
  mean: -0.2,
  margin: 0.02,
  sentence: `Backtest over 120 days: ${verdict}.`,
  arms: [],
});

function failed(name: string, value: number | null) {
  const metrics = [metric(name, 'Failed', [['Failed', value]]), metric('guard', 'Successful', [])];
  return { phase: 'Failed', metrics } as const;
}

const noData: Partial<AnalysisRunSeen> = {
  phase: 'Inconclusive',
  metrics: [metric('guard', 'Inconclusive', [['Inconclusive', null]])],
};
const unreachable: Partial<AnalysisRunSeen> = {
  phase: 'Error',
  metrics: [
    metric('latency', 'Error', [
      ['Error', null],
      ['Error', null],
    ]),
  ],
};
const notReady =
  'RolloutAborted: Rollout aborted update to revision 2: ReplicaSet "forecast-bbb" has timed out progressing.';

test.each([
  ['good', 'safe', timeline(6, { kind: 'promoted' }), 'promoted', /20\.0 % less error .*at least 10\.0 % less/],
  ['worse', 'abort', null, 'refused', /before it got any traffic: Backtest over 120 days: abort/],
  [
    'skew',
    'safe',
    timeline(0, {}, failed('parity', 230)),
    'aborted',
    /in phase shadow because served forecasts differ/,
  ],
  [
    'slow',
    'safe',
    timeline(1, {}, failed('latency', 152.73)),
    'aborted',
    /phase ramp 10 % .*measured 153 ms, limit 100 ms/,
  ],
  [
    'crash',
    'safe',
    timeline(0, {}, failed('restarts', 2)),
    'aborted',
    /because its pods restart \(measured 2, limit 0\)/,
  ],
  ['crash at start', 'safe', timeline(0, { message: notReady }), 'aborted', /because its pods did not become ready/],
  ['nan', 'safe', timeline(0, {}, failed('valid', 115)), 'aborted', /values that are not numbers/],
  [
    'no-data',
    'safe',
    timeline(0, { kind: 'paused' }, noData),
    'inconclusive',
    /Prometheus had no data to judge by .*"title of guard"/,
  ],
  ['stale', 'safe', timeline(0, {}, failed('fresh', 60)), 'aborted', /repeats old forecasts/],
  ['leak', 'safe', timeline(2, {}, failed('memory', 0.71)), 'aborted', /phase ramp 25 % because its memory grows/],
  [
    'errors',
    'safe',
    timeline(1, {}, unreachable),
    'inconclusive',
    /could not be measured.*2 errors.*connection refused/,
  ],
  ['deadline', 'safe', timeline(3, { kind: 'deadline' }), 'inconclusive', /ran out in phase ramp 50 %/],
  [
    'invalid',
    'safe',
    timeline(0, { kind: 'invalid', message: 'bad step' }),
    'inconclusive',
    /refused the Rollout.*bad step/,
  ],
  [
    'backtest undecided',
    'continue',
    timeline(6, { kind: 'promoted' }),
    'inconclusive',
    /nothing proves the release safe/,
  ],
  [
    'no backtest, no word',
    'none',
    timeline(6, { kind: 'promoted' }),
    'inconclusive',
    /nothing proves the release safe/,
  ],
  [
    'promoted unseen',
    'safe',
    timeline(5, { kind: 'promoted' }),
    'inconclusive',
    /no passed analysis was seen of ramp 100 %/,
  ],
  ['by hand', 'safe', timeline(1, { message: 'RolloutAborted' }), 'aborted', /in phase ramp 10 %: RolloutAborted/],
] as const)('%s', (_name, verdict, seen, outcome, reason) => {
  const decision = decideOutcome({ backtest: backtest(verdict), gates, timeline: seen });
  expect(decision.outcome).toBe(outcome);
  expect(decision.reason).toMatch(reason);
});

test('without a backtest the guard itself may prove the release safe', () => {
  const seen = timeline(6, { kind: 'promoted' });
  const safe_at = (safe_upper: number) => {
    const samples = seen.samples.map((sample) => ({ ...sample, values: { ...sample.values, safe_upper } }));
    return decideOutcome({ backtest: backtest('none'), gates, timeline: { ...seen, samples } }).outcome;
  };
  expect([safe_at(-0.02), safe_at(-0.01)]).toEqual(['promoted', 'inconclusive']);
});

test('the certainty is the one of the arm: its share of alpha', () => {
  const seen = timeline(6, { kind: 'promoted' });
  const reason = (values: { guard_alpha?: number }) => {
    const samples = seen.samples.map((sample) => ({ ...sample, values: { ...sample.values, ...values } }));
    return decideOutcome({ backtest: backtest('safe'), gates, timeline: { ...seen, samples } }).reason;
  };
  expect(reason({ guard_alpha: armAlpha(4) })).toContain('at 99.75 % certainty');
  expect(reason({})).toContain(`at ${100 * (1 - GUARD.alpha)} % certainty`);
});

test('of several harmful gates the first in their order is the reason, measured in time or not, and the others are named', () => {
  const run = { phase: 'Failed' as const, metrics: [metric('parity', 'Failed', [['Failed', 0.4]])] };
  const stale = {
    ...timeline(0, {}, run),
    harmful_at_end: [
      { gate: 'parity', value: 0.5 },
      { gate: 'fresh', value: 0.66 },
    ],
  };
  const { reason } = decideOutcome({ backtest: backtest('safe'), gates, timeline: stale });
  expect(reason).toMatch(/because it repeats old forecasts \(measured 0.66.*Also, served forecasts differ/);
});

test('phases: passed, failed, not reached, with their hours', () => {
  const rows = phasesOf(timeline(2, { hour: 370 }, failed('memory', 0.7)));
  expect(rows.map(({ name, hours, outcome }) => [name, hours, outcome])).toEqual([
    ['shadow', 336, 'passed'],
    ['ramp 10 %', 24, 'passed'],
    ['ramp 25 %', 10, 'failed'],
    ['ramp 50 %', 0, 'not reached'],
    ['ramp 75 %', 0, 'not reached'],
    ['ramp 100 %', 0, 'not reached'],
  ]);
});

test('a gate that another one cut short has not passed, although Argo calls it Successful', () => {
  const cut = { ...metric('guard', 'Successful', []), consecutive_good: 0, consecutive_needed: 3 };
  const metrics = [metric('latency', 'Failed', [['Failed', 150]]), cut];
  const rows = gatesOf(timeline(0, {}, { phase: 'Failed', metrics }), gates);
  expect(rows.map(({ name, outcome, threshold, unit }) => [name, outcome, threshold, unit])).toEqual([
    ['latency', 'failed', 100, 'ms'],
    ['guard', 'running', 0.01, '1'],
  ]);
});

test('bounds are on the scale of the ratio', () => {
  expect(accuracyOf(timeline(6, {}))).toEqual({ mae_ratio: 0.8, lower: 0.6, upper: 0.9, hours: 400 });
});

test('measurements are kept beyond the ten that Argo retains, even within one second', () => {
  const window = (from: number, to: number): AnalysisRunSeen => {
    const measurements = Array.from({ length: to - from }, (_, i) => {
      const index = from + i;
      return { index, at: at(0), phase: 'Successful' as const, value: index, raw: `[${index}]`, message: '' };
    });
    const metrics = [{ ...metric('latency', 'Running', []), taken: to, query: from === 0 ? 'up' : null, measurements }];
    return { name: 'run', step: 2, phase: 'Running', message: '', metrics };
  };
  const merged = [window(0, 10), window(4, 14), window(4, 14), window(13, 23)].reduce(mergeRun);
  expect(merged.metrics[0]?.measurements.map(({ value }) => value)).toEqual(Array.from({ length: 23 }, (_, i) => i));
  expect(merged.metrics[0]?.query).toBe('up');
});

test('a breach while the release waits is told as one of the wait, and the phase after it was not reached', () => {
  const aborted = timeline(2, { step: 5 }, { ...failed('memory', 0.7), step: null });
  const held: Timeline = { ...aborted, waits: [{ name: 'hold-1', step: 5, reason: 'Go on?' }] };
  expect(decideOutcome({ backtest: backtest('safe'), gates, timeline: held }).reason).toMatch(
    /^The release was aborted in phase hold-1 because its memory grows/,
  );
  expect(
    phasesOf(held)
      .map(({ outcome }) => outcome)
      .slice(0, 3),
  ).toEqual(['passed', 'passed', 'not reached']);
  expect(gatesOf(held, gates).find(({ name }) => name === 'memory')).toMatchObject({
    phase: 'hold-1',
    outcome: 'failed',
  });
});
