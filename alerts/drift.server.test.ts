import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { metrics } from '../core/metrics.ts';

const rules = fileURLToPath(new URL('drift.yaml', import.meta.url));
const candidate = { release: 'sha256:c', pod_hash: 'abc', arm: 'candidate' };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gridramp-alerts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Alert = 'CandidateDriftsAlone' | 'BothVersionsDrift' | 'InputsDrift' | 'DriftsTooOften';
const alerts: Alert[] = ['CandidateDriftsAlone', 'BothVersionsDrift', 'InputsDrift', 'DriftsTooOften'];

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
function fires(input_series: object[], eval_time: string, expected: Partial<Record<Alert, object>>): void {
  const file = join(folder, 'test.json');
  const alert_rule_test = alerts.map((alertname) => {
    const labels = expected[alertname];
    return { alertname, eval_time, exp_alerts: labels === undefined ? [] : [{ exp_labels: labels }] };
  });
  // What a summary says is not compared: it is words.
  const written = {
    rule_files: [plain()],
    evaluation_interval: '1h',
    tests: [{ interval: '1h', input_series, alert_rule_test }],
  };
  writeFileSync(file, JSON.stringify(written));
  promtool('test', 'rules', file);
}

/** The rules without their annotations. */
function plain(): string {
  const parsed = parse(readFileSync(rules, 'utf8'));
  for (const { rules } of parsed.groups) for (const rule of rules) delete rule.annotations;
  const file = join(folder, 'rules.json');
  writeFileSync(file, JSON.stringify(parsed));
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

test('the file is one that Prometheus takes', () => {
  promtool('check', 'rules', '--lint=all', '--lint-fatal', rules);
});

test('rules name only metrics that the scorer exports, and each says what happened', () => {
  const text = readFileSync(rules, 'utf8');
  const known: string[] = Object.values(metrics).map(({ name }) => name);
  const named = text.match(/gridramp_\w+/g) ?? [];
  expect(named.length).toBeGreaterThan(4);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
  const written: { alert: string; annotations: { summary: string } }[] = parse(text).groups[0].rules;
  expect(written.map(({ alert }) => alert)).toEqual(alerts);
  for (const { annotations } of written) expect(annotations.summary.length).toBeGreaterThan(40);
});
