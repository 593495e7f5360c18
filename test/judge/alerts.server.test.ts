import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { gatesFor } from '../../analysis/gates.ts';
import { prometheusRule } from '../../core/compile/alerts.ts';
import { exampleTarget as target } from '../../core/compile/example-target.ts';
import { GUARD } from '../../core/judge/guard.ts';
import { metrics } from '../../core/metrics.ts';
import { parsePlan } from '../../core/plan.ts';

const plan = parsePlan(readFileSync('rollouts/forecast.yaml', 'utf8'), 'rollouts/forecast.yaml');
const { groups } = prometheusRule(plan, gatesFor(target), target).spec;
const alerts = groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
const candidate = { release: 'sha256:c', pod_hash: 'abc', arm: 'candidate' };
const whose = { owner: plan.owner, service: plan.service };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gridramp-alerts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function series(metric: { name: string }, side: string, detector: string, values: string) {
  const labels = Object.entries({ ...candidate, side, detector }).map(([label, value]) => `${label}="${value}"`);
  return { series: `${metric.name}{${labels.join(',')}}`, values };
}

function promtool(...args: string[]): void {
  const bin = process.env.GRIDRAMP_BIN;
  if (bin === undefined) throw new Error('GRIDRAMP_BIN is not set: it names the folder that holds promtool');
  execFileSync(join(bin, 'promtool'), args, { encoding: 'utf8', stdio: 'pipe' });
}

/** Lets the real rule engine go over series of one sample an hour, and compares what fires in the end. */
function fires(input_series: object[], eval_time: string, expected: Record<string, object>, interval = '1h'): void {
  const file = join(folder, 'test.json');
  const alert_rule_test = alerts.map((alertname) => {
    const labels = expected[alertname];
    return { alertname, eval_time, exp_alerts: labels === undefined ? [] : [{ exp_labels: { ...whose, ...labels } }] };
  });
  // What a summary says is not compared: it is words.
  const written = {
    rule_files: [plain()],
    evaluation_interval: interval,
    tests: [{ interval, input_series, alert_rule_test }],
  };
  writeFileSync(file, JSON.stringify(written));
  promtool('test', 'rules', file);
}

/** The rules without their annotations. */
function plain(): string {
  const parsed = groups.map(({ name, rules }) => ({
    name,
    rules: rules.map(({ annotations: _words, ...rule }) => rule),
  }));
  const file = join(folder, 'rules.json');
  writeFileSync(file, JSON.stringify({ groups: parsed }));
  return file;
}

/** A day in which a counter goes from 0 to `events` and stays. */
const once = (events: number) => `0x23 ${events}x72`;

test('the candidate alone: at once, and no longer after a week', () => {
  const drifts = [
    series(metrics.drift_events, 'candidate', 'cusum', `0x23 1x400`),
    series(metrics.drift_events, 'stable', 'cusum', '0x430'),
  ];
  fires(drifts, '24h', { CandidateDriftsAlone: { ...candidate, severity: 'warning' } });
  fires(drifts, '300h', {});
});

test('both versions, by different detectors: the data, not the candidate', () => {
  const drifts = [
    series(metrics.drift_events, 'candidate', 'page_hinkley', once(1)),
    series(metrics.drift_events, 'stable', 'cusum', once(1)),
  ];
  fires(drifts, '48h', { BothVersionsDrift: { ...candidate, severity: 'info' } });
});

test('inputs: while the share of drifted stations is at its limit', () => {
  const psi = series(metrics.drift_statistic, 'inputs', 'psi', '0.2x48');
  fires([psi, series(metrics.drift_statistic, 'inputs', 'ks', '0.5x23 1x24')], '24h', {
    InputsDrift: { ...candidate, severity: 'warning' },
  });
  fires([psi, series(metrics.drift_statistic, 'inputs', 'ks', '0.99x47')], '24h', {});
});

test('more drifts than the detectors give by chance', () => {
  fires([series(metrics.drift_events, 'inputs', 'ks', once(5))], '48h', {
    DriftsTooOften: { ...candidate, side: 'inputs', severity: 'warning' },
  });
  fires([series(metrics.drift_events, 'inputs', 'ks', once(2))], '48h', {});
});

const pod = 'pod="forecast-a"';
const answered = (code: string, values: string) => ({
  series: `${metrics.requests.name}{${pod},purpose="served",code="${code}"}`,
  values,
});

test('latency: the p99 a hundred milliseconds above yesterday’s, for a quarter of an hour', () => {
  const bucket = (le: string, values: string) => ({
    series: `${metrics.request_ms.name}_bucket{${pod},purpose="served",le="${le}"}`,
    values,
  });
  // A day of quick answers in steps of five minutes, then slow ones.
  const slow = [bucket('10', '0+100x288 28800x24'), bucket('500', '0+100x312'), bucket('+Inf', '0+100x312')];
  fires(slow, '25h30m', { LatencyDegraded: { severity: 'warning' } }, '5m');
  const quick = [bucket('10', '0+100x312'), bucket('500', '0+100x312'), bucket('+Inf', '0+100x312')];
  fires(quick, '25h30m', {}, '5m');
});

test('requests that fail: more than the plan allows, for a quarter of an hour', () => {
  const at = (failed: string) => [answered('200', '0+100x24'), answered('500', failed)];
  fires(at('0+5x24'), '2h', { RequestsFail: { severity: 'critical' } }, '5m');
  fires(at('0x24'), '2h', {}, '5m');
});

test('the fallback: at once where more than a share of the forecasts comes from it', () => {
  const forecasts = { series: `${metrics.forecasts.name}{${pod},purpose="served"}`, values: '0+100x24' };
  const fallen = (values: string) => ({
    series: `${metrics.fallbacks.name}{${pod},from="a",to="b",reason="c"}`,
    values,
  });
  fires([forecasts, fallen('0+5x24')], '2h', { FallbackAnswers: { severity: 'warning' } }, '5m');
  fires([forecasts, fallen('0x24')], '2h', {}, '5m');
});

test('memory and CPU: a pod near its limits', () => {
  const memory = (bytes: number) => ({ series: `${metrics.memory_bytes.name}{${pod}}`, values: `${bytes}x24` });
  const cpu = (per_5m_s: number) => ({ series: `${metrics.cpu_s.name}{${pod}}`, values: `0+${per_5m_s}x24` });
  const near = { pod: 'forecast-a', severity: 'warning' };
  fires([memory(2 * 2 ** 30), cpu(30)], '2h', { MemoryNearlyFull: near }, '5m');
  fires([memory(2 ** 30), cpu(590)], '2h', { CpuNearlyFull: near }, '5m');
  fires([memory(2 ** 30), cpu(30)], '2h', {}, '5m');
});

test('an abort, as the controller counts it, and not that of another Rollout', () => {
  const aborted = (name: string) => ({
    series: `rollout_events_total{namespace="${target.namespace}",name="${name}",reason="RolloutAborted",type="Warning"}`,
    values: '0x6 1x6',
  });
  const labels = { namespace: target.namespace, name: plan.service, reason: 'RolloutAborted', type: 'Warning' };
  fires([aborted(plan.service)], '40m', { ReleaseAborted: { ...labels, severity: 'critical' } }, '5m');
  fires([aborted('another')], '40m', {}, '5m');
});

test('a Rollout that its controller has not looked at for a while, and not one that only waits', () => {
  const looks = (name: string, values: string) => ({
    series: `rollout_reconcile_count{namespace="${target.namespace}",name="${name}"}`,
    values,
  });
  const labels = { namespace: target.namespace, name: plan.service };
  fires([looks(plan.service, '7x24')], '2h', { ReleaseStands: { ...labels, severity: 'critical' } }, '5m');
  fires([looks(plan.service, '7+1x24'), looks('another', '7x24')], '2h', {}, '5m');
});

test('a release that is proven worse, by the guard’s own bound', () => {
  const labels = 'release="sha256:c",pod_hash="abc",arm="candidate",theta="0"';
  const of = (metric: { name: string }, value: number) => ({
    series: `${metric.name}{${labels}}`,
    values: `${value}x24`,
  });
  const worse = (mean: number) => [
    of(metrics.pair_hours, 1000),
    of(metrics.pair_sum, 1000 * mean),
    of(metrics.pair_sumsq, 1000 * mean ** 2 + 1),
    of(metrics.kappa, 8),
    of(metrics.guard_alpha, 0.01),
    of(metrics.sigma0_sq, 0.01),
  ];
  expect(GUARD.delta).toBeLessThan(0.1);
  fires(worse(0.5), '2h', { ReleaseProvenWorse: { ...candidate, theta: '0', severity: 'critical' } }, '5m');
  fires(worse(0), '2h', {}, '5m');
});

test('Prometheus takes the rules, and they name only metrics that something exports', () => {
  const file = join(folder, 'all.json');
  writeFileSync(file, JSON.stringify({ groups }));
  promtool('check', 'rules', '--lint=all', '--lint-fatal', file);
  const known: string[] = Object.values(metrics).map(({ name }) => name);
  const named = JSON.stringify(groups).match(/(gridramp|forecast|process)_\w+/g) ?? [];
  expect(named.length).toBeGreaterThan(10);
  const exported = (name: string) => known.includes(name) || known.includes(name.replace(/_(bucket|count|sum)$/, ''));
  expect(named.filter((name) => !exported(name))).toEqual([]);
});

test('a retraining that has not succeeded for longer than from one to the next, by a day', () => {
  // The sixth day after the last one of a weekend, plus one.
  const last = { series: `${metrics.retraining_success_s.name}{model="all",pod="forecast-a"}`, values: '0x200' };
  fires([last], `${7 * 24}h`, {});
  fires([last], `${7 * 24 + 1}h`, { RetrainingOverdue: { severity: 'warning' } });
  fires([{ ...last, series: last.series.replace('all', 'ridge') }], `${7 * 24 + 1}h`, {});
});
