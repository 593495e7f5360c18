import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { metrics, thetas } from '../metrics.ts';
import { armAlpha, GUARD, guardAt, type ThetaName } from './guard.ts';
import { guardPromql } from './guard-promql.ts';

const HOURS = 456;
const labels = 'release="sha256:c",pod_hash="abc",arm="candidate",instance="127.0.0.1:8080",job="scorer"';
/** The guard's share of one arm of two. */
const alpha = armAlpha(2);
const constants = { sigma0_sq: 0.0123456789, kappa: 9.87654321 };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gridramp-promtool-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

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

/** Runs the real engine over the series, one minute an hour; each check must hold at the end. */
function promtool(series: [string, number[]][], checks: { expr: string; value: number }[]): void {
  const bin = process.env.GRIDRAMP_BIN;
  if (bin === undefined) throw new Error('GRIDRAMP_BIN is not set: it names the folder that holds promtool');
  const file = join(folder, 'guard.json');
  const test_ = {
    interval: '1m',
    input_series: series.map(([name, values]) => ({ series: name, values: values.join(' ') })),
    promql_expr_test: checks.map(({ expr, value }) => ({
      expr,
      eval_time: `${HOURS - 1}m`,
      exp_samples: [{ labels: '{}', value }],
    })),
  };
  writeFileSync(file, JSON.stringify({ evaluation_interval: '1m', tests: [test_] }));
  execFileSync(join(bin, 'promtool'), ['test', 'rules', file], { encoding: 'utf8', stdio: 'pipe' });
}

function recorded(theta: ThetaName, sums: ReturnType<typeof cumulative>, more = ''): [string, number[]][] {
  const named = (metric: { name: string }) => `${metric.name}{${labels}${more},theta="${thetas[theta]}"}`;
  return [
    [named(metrics.pair_hours), sums.map(({ n }) => n)],
    [named(metrics.pair_sum), sums.map(({ sum }) => sum)],
    [named(metrics.pair_sumsq), sums.map(({ sumsq }) => sumsq)],
    [named(metrics.sigma0_sq), sums.map(() => constants.sigma0_sq)],
    [named(metrics.kappa), sums.map(() => constants.kappa)],
    [named(metrics.guard_alpha), sums.map(() => alpha)],
  ];
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
  promtool(
    [...recorded(theta, sums), ['expected', expected]],
    [
      { expr: `sum(min_over_time(${agrees}))`, value: 1 },
      { expr: `sum(count_over_time(${agrees}))`, value: HOURS - GUARD.min_hours + 1 },
      { expr: `count(${promql})`, value: 1 },
    ],
  );
});

test('two releases with one pod hash give two series and no engine error', () => {
  const sums = cumulative(differences());
  const promql = guardPromql({ matchers: 'pod_hash="abc"', theta: 'abort', bound: 'lower' });
  const series = [...recorded('abort', sums), ...recorded('abort', sums, ',pod="other"')];
  promtool(series, [{ expr: `count(${promql})`, value: 2 }]);
});

test('another pod hash has no bound', () => {
  const promql = guardPromql({ matchers: 'pod_hash="other"', theta: 'abort', bound: 'lower' });
  promtool(recorded('abort', cumulative(differences())), [{ expr: `count(${promql}) or vector(-1)`, value: -1 }]);
});

test('the check itself can fail', () => {
  expect(() => promtool(recorded('abort', cumulative(differences())), [{ expr: 'vector(1)', value: 2 }])).toThrow();
});
