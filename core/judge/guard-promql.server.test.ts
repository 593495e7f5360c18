import { expect, test } from 'vitest';
import { promtool, type Series } from '../../analysis/promtool.ts';
import { metrics, thetas } from '../metrics.ts';
import { armAlpha, GUARD, guardAt, type ThetaName } from './guard.ts';
import { guardPromql } from './guard-promql.ts';

const HOURS = 456;
const labels = 'release="sha256:c",pod_hash="abc",arm="candidate",instance="127.0.0.1:8080",job="scorer"';
/** The guard's share of one arm of two. */
const alpha = armAlpha(2);
const constants = { sigma0_sq: 0.0123456789, kappa: 9.87654321 };

/** A recorded-looking series: a slow swing, a daily one and noise from a fixed generator. */
function differences(): number[] {
  let state = 12345;
  return Array.from({ length: HOURS }, (_, t) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 0.03 + 0.05 * Math.sin(t / 70) + 0.02 * Math.cos(t / 3.82) + 0.1 * (state / 2 ** 32 - 0.5);
  });
}

function cumulative(d: readonly number[]) {
  let [sum, sumsq] = [0, 0];
  return d.map((x, i) => {
    sum += x;
    sumsq += x * x;
    return { n: i + 1, sum, sumsq };
  });
}

/** Lets the real engine look over the series, one minute an hour; each check must hold at the end. */
function check(series: Series, checks: { expr: string; value: number }[]): void {
  for (const one of checks) promtool(series, { ...one, at: `${HOURS - 1}m`, interval: '1m' });
}

const written = (values: readonly number[]) => values.join(' ');

function recorded(theta: ThetaName, sums: ReturnType<typeof cumulative>, more = ''): Series {
  const named = (metric: { name: string }) => `${metric.name}{${labels}${more},theta="${thetas[theta]}"}`;
  return {
    [named(metrics.pair_hours)]: written(sums.map(({ n }) => n)),
    [named(metrics.pair_sum)]: written(sums.map(({ sum }) => sum)),
    [named(metrics.pair_sumsq)]: written(sums.map(({ sumsq }) => sumsq)),
    [named(metrics.sigma0_sq)]: written(sums.map(() => constants.sigma0_sq)),
    [named(metrics.kappa)]: written(sums.map(() => constants.kappa)),
    [named(metrics.guard_alpha)]: written(sums.map(() => alpha)),
  };
}

test.each([
  ['abort', 'lower'],
  ['safe', 'upper'],
  ['win', 'upper'],
] as const)('PromQL and TypeScript agree on the %s bound at every look', (theta, bound) => {
  const sums = cumulative(differences());
  // An expected series of NaN where guard.ts says nothing: a PromQL value there would count as a difference.
  const expected = sums.map((s) => guardAt(s, constants, alpha)?.[bound] ?? Number.NaN);
  const promql = guardPromql({ matchers: 'pod_hash="abc"', theta, bound });
  const agrees = `(abs(${promql} - on() group_left() expected) <= bool 1e-9)[${HOURS}m:1m]`;
  check({ ...recorded(theta, sums), expected: written(expected) }, [
    { expr: `sum(min_over_time(${agrees}))`, value: 1 },
    { expr: `sum(count_over_time(${agrees}))`, value: HOURS - GUARD.min_hours + 1 },
    { expr: `count(${promql})`, value: 1 },
  ]);
});

test('two releases with one pod hash give two series and no engine error', () => {
  const sums = cumulative(differences());
  const promql = guardPromql({ matchers: 'pod_hash="abc"', theta: 'abort', bound: 'lower' });
  const series = { ...recorded('abort', sums), ...recorded('abort', sums, ',pod="other"') };
  check(series, [{ expr: `count(${promql})`, value: 2 }]);
});

test('another pod hash has no bound', () => {
  const promql = guardPromql({ matchers: 'pod_hash="other"', theta: 'abort', bound: 'lower' });
  check(recorded('abort', cumulative(differences())), [{ expr: `count(${promql}) or vector(-1)`, value: -1 }]);
});

test('the check itself can fail', () => {
  expect(() => check(recorded('abort', cumulative(differences())), [{ expr: 'vector(1)', value: 2 }])).toThrow();
});
