import { expect, test } from 'vitest';
import type { Gate } from '../core/gate.ts';
import { metrics } from '../core/metrics.ts';
import { allGates } from './gates.ts';
import { promtool, type Series } from './promtool.ts';
import { sampleRatio } from './sample-ratio.ts';

/** One second a step: two minutes of series, judged at their end with the lab's window of six seconds. */
const STEPS = 120;
const MIN_HOURS = 100;
const AGE_HOURS = 333;

const outcomes = { waits: 0, good: 1, harmful: 2 } as const;
type Outcome = keyof typeof outcomes;
type Case = [what: string, outcome: Outcome, ...series: Series[]];

const flat = (value: number) => `${value}x${STEPS}`;
const rising = (per_s: number, from = 0) => `${from}+${per_s}x${STEPS}`;
const nan = Array.from({ length: STEPS + 1 }, () => 'NaN').join(' ');
/** The last sample is `ago_s` old. */
const ended = (value: number, ago_s: number) => `${value}x${STEPS - ago_s} _x${ago_s}`;

const scorer = 'release="r",pod_hash="canary",arm="ensemble",instance="s",job="scorer"';
const scored = (metric: { name: string }, values: string): Series => ({ [`${metric.name}{${scorer}}`]: values });
const hours = (n: number, age = AGE_HOURS): Series => ({
  [`${metrics.pair_hours.name}{${scorer},theta="0"}`]: flat(n),
  [`${metrics.release_hours.name}{${scorer}}`]: flat(age),
});
const judged = hours(MIN_HOURS);
const judgedBefore = (word: string): Series =>
  Object.fromEntries(
    ['abort', 'win', 'safe', 'continue', 'none'].map((verdict) => [
      `${metrics.backtest_verdict.name}{${scorer},verdict="${verdict}"}`,
      flat(verdict === word ? 1 : 0),
    ]),
  );
const young = hours(MIN_HOURS - 1);
/** The same from a second release under one pod hash. */
const twice = (series: Series): Series =>
  Object.fromEntries(
    Object.entries(series).flatMap(([name, values]) => [
      [name, values],
      [name.replace('release="r"', 'release="q"'), values],
    ]),
  );

/** The same of another release alone. */
const other = (series: Series): Series =>
  Object.fromEntries(
    Object.entries(series).map(([name, values]) => [name.replace('release="r"', 'release="q"'), values]),
  );

/** The same of a second arm. */
const armB = (series: Series): Series =>
  Object.fromEntries(
    Object.entries(series).map(([name, values]) => [name.replace('arm="ensemble"', 'arm="b"'), values]),
  );

/** The second arm's kill switch. */
const switched = (off: 0 | 1): Series => armB(scored(metrics.arm_switched_off, flat(off)));

/** The same series without a number in them. */
const noNumber = (series: Series): Series => Object.fromEntries(Object.keys(series).map((name) => [name, nan]));

const server = (hash: string, pod = 'a') => `pod_hash="${hash}",pod="${hash}-${pod}",instance="${hash}-${pod}"`;
const of = (metric: { name: string }, hash: string, values: string, more = '', pod = 'a'): Series => ({
  [`${metric.name}{${server(hash, pod)}${more}}`]: values,
});

const share =
  (part: { name: string }, whole: { name: string }) =>
  (value: number, of_all = 1000): Series => ({ ...scored(part, flat(value)), ...scored(whole, flat(of_all)) });
const broken = share(metrics.parity_broken, metrics.parity_checked);
const paired = share(metrics.pairs_complete, metrics.pairs_expected);
const labelled = share(metrics.labels_matured, metrics.labels_expected);
/** Deviations of a release's arm in units of its limits. */
const deviating = (shares: Record<string, number>, arm = 'ensemble'): Series =>
  Object.fromEntries(
    Object.entries(shares).flatMap(([alarm, share]) => {
      const labels = `${scorer.replace('ensemble', arm)},alarm="${alarm}"`;
      return [
        [`${metrics.consistency_z.name}{${labels}}`, flat(4.5 * share)],
        [`${metrics.consistency_limit.name}{${labels}}`, flat(4.5)],
      ];
    }),
  );
const frozen = share(metrics.frozen, metrics.pairs_complete);

const evidence = (e: number) => scored(metrics.latency_e, flat(e));
/** Stations of the canary, and how unlike the groups' losses of hours are. */
const groups = (canary: number, hours_lost_chi2 = 1, stations = 1150): Series => ({
  ...scored(metrics.stations_answered, flat(stations)),
  ...scored(metrics.stations_canary, flat(canary)),
  ...scored(metrics.sample_ratio_chi2, flat(hours_lost_chi2)),
});

/** A counter that rose by `per_s` in each of the seconds from `from_s` to `to_s` alone. */
function burst(per_s: number, from_s: number, to_s: number, steadily = 0): string {
  const risen = (t: number) => t * steadily + per_s * Math.max(0, Math.min(t, to_s) - from_s);
  return Array.from({ length: STEPS + 1 }, (_, t) => risen(t)).join(' ');
}

/** The last two seconds, in which `per_s` requests a second came on top. */
const hiccup = (per_s: number, steadily = 0) => burst(per_s, STEPS - 2, STEPS, steadily);

/** 20 quick requests a second, and as many slow ones during the hiccup. */
function stumbled(hash: string): Series {
  const name = metrics.request_ms.name;
  const bucket = { name: `${name}_bucket` };
  const to = (le: string, values: string) => of(bucket, hash, values, `,purpose="served",le="${le}"`);
  const total = of({ name: `${name}_count` }, hash, hiccup(20, 20), ',purpose="served"');
  return { ...to('50', rising(20)), ...to('500', hiccup(20, 20)), ...to('+Inf', hiccup(20, 20)), ...total };
}

/** Requests a second that take up to 50 ms and up to 500 ms. */
function took(hash: string, fast: number, slow: number, purpose = 'served'): Series {
  const name = metrics.request_ms.name;
  const bucket = { name: `${name}_bucket` };
  const to = (le: string, per_s: number) => of(bucket, hash, rising(per_s), `,purpose="${purpose}",le="${le}"`);
  const total = of({ name: `${name}_count` }, hash, rising(fast + slow), `,purpose="${purpose}"`);
  return { ...to('50', fast), ...to('500', fast + slow), ...to('+Inf', fast + slow), ...total };
}

const answered = (hash: string, code: string, per_s: number) =>
  of(metrics.requests, hash, rising(per_s), `,purpose="served",code="${code}"`);
const made = (hash: string, per_s: number) => of(metrics.forecasts, hash, rising(per_s), ',purpose="served"');
const fallen = (per_s: number) => of(metrics.fallbacks, 'canary', rising(per_s), ',from="a",to="b",reason="nan"');
const started = (hash: string, values: string, pod = 'a') => of(metrics.start_s, hash, values, '', pod);
const resident = (hash: string, mb_per_s: number, pod = 'a') =>
  of(metrics.memory_bytes, hash, rising(mb_per_s * 1e6, 2e8), '', pod);
const burnt = (hash: string, s_per_s: number) => of(metrics.cpu_s, hash, rising(s_per_s));

const quick = took('stable', 20, 0);
const sound = answered('stable', '200', 20);
const old = { ...started('stable', flat(1)), ...started('canary', flat(1)) };
const cheap = { ...made('stable', 100), ...burnt('stable', 0.02) };

const cases: Record<string, Case[]> = {
  parity: [
    ['all equal', 'good', broken(0), judged],
    ['all equal, but the phase lasts longer', 'waits', broken(0), hours(MIN_HOURS, AGE_HOURS - 1)],
    ['all equal, hours missing', 'waits', broken(0), young],
    ['one differs, hours missing', 'harmful', broken(1), young],
    ['nothing recomputed yet', 'waits', broken(0, 0), judged],
    ['one arm of two differs', 'harmful', broken(0), armB(broken(1)), judged, armB(judged)],
    ['the arm that differs is off', 'good', broken(0), armB(broken(1)), judged, armB(judged), switched(1)],
    ['the arm that differs is on', 'harmful', broken(0), armB(broken(1)), judged, armB(judged), switched(0)],
    ['nothing known of the arm that is off', 'good', broken(0), judged, armB(young), switched(1)],
    ['every arm is off', 'waits', armB(broken(1)), armB(judged), switched(1)],
    ['the arm of another release is off', 'harmful', armB(broken(1)), armB(judged), other(switched(1))],
    ['hours of one arm of two missing', 'waits', broken(0), armB(broken(0)), judged, armB(young)],
    ['nothing recomputed of one arm of two', 'waits', broken(0), armB(broken(0, 0)), judged, armB(judged)],
    ['NaN of one arm of two', 'waits', broken(0), armB(noNumber(broken(0))), judged, armB(judged)],
    ['one arm differs, nothing known of the other', 'harmful', broken(1), judged, armB(judged)],
    ['two releases under one hash', 'waits', twice(broken(1)), judged],
    ['no data', 'waits', judged],
    ['NaN', 'waits', { ...broken(0), ...scored(metrics.parity_broken, nan) }, judged],
  ],
  consistency: [
    ['as in the backtest', 'good', deviating({ drift: 0.2, 'bias-1h': 0.9 }), judged],
    ['hours missing', 'waits', deviating({ drift: 0.2, 'bias-1h': 0.9 }), young],
    ['one alarm, hours missing', 'harmful', deviating({ drift: 0.2, 'bias-1h': 1.1 }), young],
    ['one arm of two', 'harmful', deviating({ drift: 0.2 }), deviating({ drift: 1.2 }, 'second'), judged],
    ['losses fell', 'good', deviating({ drift: -3 }), judged],
    ['nothing known of one arm of two', 'waits', deviating({ drift: 0.2 }), judged, armB(judged)],
    ['two releases under one hash', 'waits', twice(deviating({ drift: 2 })), judged],
    ['nothing to be consistent with', 'waits', judged],
    ['the limit alone', 'waits', scored(metrics.consistency_limit, flat(4.5)), judged],
  ],
  'pair-coverage': [
    ['complete', 'good', paired(1000), judged],
    ['hours missing', 'waits', paired(1000), young],
    ['a tenth missing is nobody’s harm', 'waits', paired(900), judged],
    ['nothing expected', 'waits', paired(0, 0), judged],
    ['nothing expected of one arm of two', 'waits', paired(1000), armB(paired(0, 0)), judged, armB(judged)],
  ],
  'label-coverage': [
    ['complete', 'good', labelled(1000), judged],
    ['a fifth missing', 'waits', labelled(800), judged],
    ['hours missing', 'waits', labelled(1000), young],
  ],
  backtest: [
    ['safe', 'good', judgedBefore('safe')],
    ['win', 'good', judgedBefore('win')],
    ['abort', 'harmful', judgedBefore('abort')],
    ['undecided', 'waits', judgedBefore('continue')],
    ['none, where one is said to exist', 'waits', judgedBefore('none')],
    ['not found', 'waits', {}],
    ['safe for both arms', 'good', ...[judgedBefore('safe'), armB(judgedBefore('win')), judged, armB(judged)]],
    [
      'abort for one arm of two',
      'harmful',
      ...[judgedBefore('safe'), armB(judgedBefore('abort')), judged, armB(judged)],
    ],
    [
      'the arm that is worse is off',
      'good',
      ...[judgedBefore('safe'), armB(judgedBefore('abort')), judged, armB(judged), switched(1)],
    ],
    ['not found for one arm of two', 'waits', ...[judgedBefore('safe'), judged, armB(judged)]],
    ['safe, of two releases under one hash', 'waits', twice(judgedBefore('safe'))],
  ],
  valid: [
    ['none', 'good', scored(metrics.invalid, flat(0)), judged],
    ['one', 'harmful', scored(metrics.invalid, flat(1)), judged],
    ['the scorer restarted 3 s ago', 'good', scored(metrics.invalid, ended(0, 3)), judged],
    ['the scorer is gone', 'waits', scored(metrics.invalid, ended(0, 10)), judged],
    ['NaN', 'waits', scored(metrics.invalid, nan), judged],
    ['two releases under one hash', 'waits', twice(scored(metrics.invalid, flat(1))), twice(judged)],
    ['in one arm of two', 'harmful', ...[scored(metrics.invalid, flat(0)), armB(scored(metrics.invalid, flat(1)))]],
    [
      'in no arm of two',
      'good',
      ...[scored(metrics.invalid, flat(0)), armB(scored(metrics.invalid, flat(0))), judged, armB(judged)],
    ],
    [
      'NaN of one arm of two',
      'waits',
      ...[scored(metrics.invalid, flat(0)), armB(scored(metrics.invalid, nan)), judged, armB(judged)],
    ],
  ],
  fresh: [
    ['hardly any', 'good', frozen(10), judged],
    ['many', 'harmful', frozen(11), judged],
    ['many in the arm that is off', 'good', frozen(1), armB(frozen(11)), judged, armB(judged), switched(1)],
    ['many in one arm of two', 'harmful', frozen(1), armB(frozen(11)), judged, armB(judged)],
    ['no pairs of one arm of two yet', 'waits', frozen(1), armB(frozen(0, 0)), judged, armB(judged)],
    ['no pairs yet', 'waits', frozen(0, 0), judged],
  ],
  latency: [
    ['as quick', 'good', quick, took('canary', 20, 0)],
    ['slow', 'harmful', quick, took('canary', 0, 20)],
    ['slow in one of 20', 'harmful', quick, took('canary', 190, 10)],
    ['a few slow ones of 35 are forgiven', 'good', quick, took('canary', 10, 1.6)],
    ['twelve slow ones of 36 are not', 'harmful', quick, took('canary', 8, 4)],
    ['a hiccup', 'good', quick, stumbled('canary')],
    ['hardly any requests', 'waits', quick, took('canary', 0, 1)],
    ['both slow', 'good', took('stable', 0, 20), took('canary', 0, 20)],
    ['slow pairs are not served', 'waits', quick, took('canary', 0, 20, 'pair')],
    ['at 100 % beside quick pairs', 'good', took('stable', 1, 0, 'pair'), took('canary', 20, 0)],
    ['slow at 100 % beside quick pairs', 'harmful', took('stable', 1, 0, 'pair'), took('canary', 0, 20)],
    ['no stable to compare with', 'waits', took('canary', 0, 20)],
  ],
  'latency-exceedance': [
    ['no evidence', 'good', evidence(1), judged],
    ['some evidence', 'good', evidence(99), judged],
    ['proof', 'harmful', evidence(100), judged],
    ['proof in the first hours', 'harmful', evidence(1e9), young],
    ['no evidence, hours missing', 'waits', evidence(1), young],
    ['no calls yet', 'waits', judged],
    ['proof against one of two arms', 'harmful', evidence(1), armB(evidence(200)), judged, armB(judged)],
    ['one of two arms answers no calls', 'good', evidence(1), judged, armB(judged)],
  ],
  'sample-ratio': [
    ['a quarter', 'good', groups(280), judged],
    ['a quarter, hours missing', 'waits', groups(280), young],
    ['still the tenth of the phase before', 'waits', groups(120), judged],
    ['on the way', 'waits', groups(200), judged],
    ['less than the tenth', 'harmful', groups(60), young],
    ['far more than a quarter', 'harmful', groups(400), young],
    ['a quarter that loses hours', 'harmful', groups(280, 30), judged],
    ['a quarter that loses none', 'good', groups(280, 3), judged],
    ['no station', 'waits', groups(0, 0, 0), judged],
    ['a quarter in two arms', 'good', groups(280), armB(groups(280)), judged, armB(judged)],
    ['one of two arms loses hours', 'harmful', groups(280), armB(groups(280, 30)), judged, armB(judged)],
    ['no data', 'waits', judged],
    ['two releases under one hash', 'waits', twice(groups(400)), twice(judged)],
  ],
  errors: [
    ['none', 'good', sound, answered('canary', '200', 5)],
    ['a tenth', 'harmful', sound, answered('canary', '200', 18), answered('canary', '503', 2)],
    ['a tenth never answered', 'harmful', sound, answered('canary', '200', 18), answered('canary', 'aborted', 2)],
    ['all', 'harmful', sound, answered('canary', '500', 5)],
    ['wrong usage by callers', 'good', sound, answered('canary', '200', 5), answered('canary', '400', 5)],
    ['two of many are forgiven', 'good', sound, answered('canary', '200', 5), answered('canary', '500', 0.4)],
    ['both alike', 'good', answered('stable', '500', 5), answered('canary', '500', 5)],
    [
      'a hiccup',
      'good',
      sound,
      answered('canary', '200', 20),
      of(metrics.requests, 'canary', hiccup(20), ',code="503"'),
    ],
    ['none, at 100 % beside three pairs', 'good', answered('stable', '200', 1), answered('canary', '200', 20)],
    [
      'a tenth, at 100 % beside three pairs',
      'harmful',
      answered('stable', '200', 1),
      answered('canary', '200', 18),
      answered('canary', '503', 2),
    ],
    ['hardly any requests', 'waits', sound, answered('canary', '500', 1)],
    ['no requests', 'waits', sound],
  ],
  fallback: [
    ['never', 'good', made('canary', 100)],
    ['seldom', 'good', made('canary', 100), fallen(0.9)],
    ['often', 'harmful', made('canary', 100), fallen(2)],
    ['never, since three seconds', 'good', of(metrics.forecasts, 'canary', `_x${STEPS - 3} 0+100x3`)],
    ['no forecasts', 'waits', made('canary', 0)],
    ['no data', 'waits', fallen(1)],
  ],
  restarts: [
    ['none', 'good', old],
    ['one', 'harmful', started('stable', flat(1)), started('canary', '1x90 91x29')],
    [
      'one, away for longer than the window',
      'harmful',
      started('stable', flat(1)),
      started('canary', '1x70 _x20 90x28'),
    ],
    ['a second pod came', 'good', old, started('canary', '_x60 60x59', 'b')],
    ['a pod went', 'good', old, started('canary', '1x100 _x19', 'b')],
    ['both versions, on a sick node', 'good', started('stable', '1x90 91x29'), started('canary', '1x90 91x29')],
    ['no canary', 'waits', started('stable', flat(1))],
  ],
  memory: [
    ['steady', 'good', old, resident('stable', 0), resident('canary', 0)],
    ['a leak of 15 MB/s', 'harmful', old, resident('stable', 0), resident('canary', 15)],
    [
      'a leak in one pod of two',
      'harmful',
      old,
      started('canary', flat(1), 'b'),
      resident('stable', 0),
      resident('canary', 0),
      resident('canary', 15, 'b'),
    ],
    ['both grow', 'good', old, resident('stable', 15), resident('canary', 15)],
    [
      'warming up',
      'good',
      started('stable', flat(1)),
      started('canary', flat(STEPS - 10)),
      resident('stable', 0),
      resident('canary', 40),
    ],
    ['no data', 'waits', old, resident('stable', 0)],
  ],
  cpu: [
    ['five times', 'good', cheap, made('canary', 100), burnt('canary', 0.1)],
    ['thirty times', 'harmful', cheap, made('canary', 100), burnt('canary', 0.6)],
    [
      'a stable that costs nothing',
      'good',
      made('stable', 100),
      burnt('stable', 0),
      made('canary', 100),
      burnt('canary', 0.1),
    ],
    ['no forecasts', 'waits', cheap, burnt('canary', 0.6)],
  ],
};

/** 0 waits, 1 good, 2 harmful, 3 both, as the compiled conditions would say: one finite value or nothing. */
function verdictOf({ query, good, harmful, threshold }: Gate, apart = { pinned: 0, kept_out: 0 }): string {
  const context = {
    canary: 'pod_hash="canary"',
    stable: 'pod_hash="stable"',
    window: '6s',
    min_hours: MIN_HOURS,
    age_hours: AGE_HOURS,
    weights: { from: 0.1, to: 0.25 },
    apart,
  };
  const asked = `(${query({ ...context, threshold, backtested: true, accepted_loss: false })})`;
  const holds = (condition: string) =>
    condition === 'false' ? '0' : `(count(${condition.replace(/\bx\b/, asked)}) or vector(0))`;
  const one = `((count(${asked}) or vector(0)) == bool 1) * (count(abs(${asked}) < Inf) or vector(0))`;
  return `${one} * (${holds(good(threshold))} + 2 * ${holds(harmful(threshold))})`;
}

const all = Object.entries(cases).flatMap(([name, list]) => list.map((one): [string, ...Case] => [name, ...one]));

test.each<[string, ...Case]>(all)('%s: %s → %s', (...[name, , outcome, ...series]) => {
  const gate = allGates.find((one) => one.name === name);
  if (gate === undefined) throw new Error(`no gate is called ${name}`);
  const check = { expr: verdictOf(gate), at: `${STEPS}s`, interval: '1s', value: outcomes[outcome] };
  promtool(Object.assign({}, ...series), check);
});

test.each<[string, { pinned: number; kept_out: number }, Outcome, number]>([
  ['pinned ones are beside the quarter', { pinned: 120, kept_out: 0 }, 'good', 400],
  ['more than those', { pinned: 20, kept_out: 0 }, 'harmful', 400],
  ['a tenth of those that are not kept out', { pinned: 0, kept_out: 560 }, 'waits', 60],
])('sample-ratio where stations are apart: %s → %s', (_what, apart, outcome, canary) => {
  const expr = verdictOf(sampleRatio, apart);
  promtool({ ...groups(canary), ...judged }, { expr, at: `${STEPS}s`, interval: '1s', value: outcomes[outcome] });
});

test('every gate has cases, save those of the guard, which core/judge tests', () => {
  const guard = ['accuracy', 'accuracy-safe'];
  expect([...Object.keys(cases), ...guard].sort()).toEqual(allGates.map(({ name }) => name).sort());
});
