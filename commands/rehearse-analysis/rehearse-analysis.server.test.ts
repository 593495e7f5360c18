import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';

const root = join(import.meta.dirname, '..', '..');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gridramp-rehearse-analysis-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, contents: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof contents === 'string' ? contents : stringify(contents));
  return path;
}

const query = 'share{service="{{args.service}}"}';
const template = (metric: object, spec: object = {}) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AnalysisTemplate',
  metadata: { name: 'share' },
  spec: {
    args: [{ name: 'service' }],
    metrics: [
      {
        name: 'share',
        interval: '60s',
        count: 4,
        successCondition: 'len(result) == 1 && result[0] > 0.9',
        failureCondition: 'len(result) == 1 && result[0] <= 0.9',
        provider: { prometheus: { address: 'http://prometheus:9090', query } },
        ...metric,
      },
    ],
    ...spec,
  },
});

function rehearse(...args: string[]) {
  const command = [join(root, 'commands', 'rehearse-analysis.ts'), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
  return { status, stdout, stderr };
}

const values = (name: string, notation: string, more: object = {}) =>
  file(name, { interval: '60s', series: { 'share{service="a"}': notation }, ...more });

/** Phase and value of each measurement, and the run's end. */
function judged(...args: string[]) {
  const { status, stdout, stderr } = rehearse(...args, '--json');
  expect(stderr).toBe('');
  const { phase, message, measurements } = JSON.parse(stdout);
  const looks = measurements.map((look: { phase: string; value: string }) => `${look.phase} ${look.value}`.trim());
  return { status, phase, message, looks };
}

test.each([
  ['good', '1x9', {}, 0, 'Successful', Array(4).fill('Successful [1]')],
  ['harmful', '1 1 0.5x7', {}, 3, 'Failed', ['Successful [1]', 'Successful [1]', 'Failed [0.5]']],
  [
    'forgiven once',
    '1 0.5 1x7',
    { failureLimit: 1 },
    0,
    'Successful',
    ['Successful [1]', 'Failed [0.5]', 'Successful [1]', 'Successful [1]'],
  ],
  ['NaN', 'NaN NaN', {}, 3, 'Failed', ['Failed [NaN]']],
  ['gone', '1 stale _x8', {}, 4, 'Inconclusive', ['Successful [1]', 'Inconclusive []']],
  ['too short', '1 1', {}, 4, 'Running', Array(2).fill('Successful [1]')],
])('A share that is %s', (name, notation, metric, status, phase, looks) => {
  const written = file('template.yaml', template(name === 'NaN' ? { failureCondition: '' } : metric));
  const run = judged('--template', written, '--series', values('s.yaml', notation), '--arg', 'service=a');
  expect(run).toMatchObject({ status, phase, looks });
});

test('An outage is an error, asked again after 10 s; the fifth in a row ends the run', () => {
  const written = file('template.yaml', template({}));
  const series = values('s.yaml', '1x9', { outages: [{ from: '60s', for: '1h' }] });
  const { status, stdout } = rehearse('--template', written, '--series', series, '--arg', 'service=a');
  expect(status).toBe(3);
  const errors = stdout.split('\n').filter((line) => / Error /.test(line) && line.startsWith('2026'));
  expect(errors.map((line) => line.split(/\s+/)[1])).toEqual(['60', '70', '80', '90', '100']);
  expect(stdout).toContain('share{service="a"}');
  expect(stdout).toContain(
    'Error after 100 s: Metric "share" assessed Error due to consecutiveErrors (5) > consecutiveErrorLimit (4)',
  );
});

test('Recorded series are read with their times', () => {
  const recorded = [
    '# TYPE share gauge',
    ...[0, 60, 120, 180].map((s) => `share{service="a"} 1 ${1767225600 + s}`),
    '# EOF',
    '',
  ];
  const series = file('share.om', recorded.join('\n'));
  const run = judged('--template', file('t.yaml', template({})), '--series', series, '--arg', 'service=a');
  expect(run).toMatchObject({ status: 0, phase: 'Successful' });
});

test('A plan is judged as it compiles', () => {
  const series = file('plan.yaml', {
    interval: '5m',
    series: { 'gridramp_forecasts_invalid{pod_hash="canary",arm="ensemble",job="scorer"}': '0x3 1x9' },
  });
  const run = judged('--plan', 'rollouts/forecast.yaml', '--phase', 'ramp-10', '--metric', 'valid', '--series', series);
  expect(run).toMatchObject({ status: 3, phase: 'Failed' });
});

test('A stack’s plan is judged as it compiles for that stack, whose Prometheus is not reached here', () => {
  const series = file('stack.yaml', {
    interval: '5m',
    series: { 'gridramp_forecasts_invalid{pod_hash="canary",arm="control",job="scorer"}': '0x9' },
    outages: [{ from: '0s', for: '1h' }],
  });
  const asked = ['--stack', 'production', '--phase', 'ramp-10', '--metric', 'valid', '--series', series];
  const { status, stdout } = rehearse(...asked);
  expect(status).toBe(3);
  expect(stdout).toContain('http://prometheus.monitoring.svc:9090');
});

test.each([
  [['--series', 's.yaml'], 'give one of --template, --plan and --stack'],
  [['--template', 't.yaml'], 'give one of --series and --backtest'],
  [['--stack', 'none', '--phase', 'shadow', '--series', 's.yaml'], 'Pulumi.none.yaml: is not there; add it, or '],
  [
    ['--template', 't.yaml', '--series', 's.yaml'],
    't.yaml:5:1 spec: args.service was not resolved; correct it, or give what lacks by --arg',
  ],
  [['--template', 'none.yaml', '--series', 's.yaml'], '--template: "none.yaml" cannot be read'],
  [
    ['--template', 't.yaml', '--series', 's.yaml', '--metric', 'x'],
    '--metric: "x" is no metric of share; choose one of share',
  ],
  [['--template', 't.yaml', '--series', 'bad.yaml', '--arg', 'service=a'], 'bad.yaml:3:3 series.share{service="a"}: '],
  [['--template', 'typo.yaml', '--series', 's.yaml', '--arg', 'service=a'], 'typo.yaml:5:1 spec: '],
  [
    ['--plan', 'rollouts/forecast.yaml', '--phase', 'ramp-11', '--series', 's.yaml'],
    '--phase: "ramp-11" is no judged phase of forecast; choose one of shadow, ramp-10, ',
  ],
  [
    ['--template', 't.yaml', '--series', 's.yaml', '--start', '1999-01-01T00:00:00Z'],
    '--start: "1999-01-01T00:00:00Z" is no time from 2000 to 2099',
  ],
  [['--template', 't.yaml', '--series', 's.yaml', '--start', '9999d'], '--start: "9999d" is more than ten years'],
  [
    [
      '--template',
      't.yaml',
      '--series',
      's.yaml',
      '--arg',
      'service=a',
      '--start',
      '5m',
      '--end',
      '2026-01-01T00:04:00Z',
    ],
    '--end: 2026-01-01T00:04:00Z is not after the start, 2026-01-01T00:05:00.000Z',
  ],
])('%j is refused', (args, message) => {
  file('t.yaml', template({}));
  file('typo.yaml', template({ sucessCondition: 'true' }));
  values('s.yaml', '1x9');
  values('bad.yaml', '1y9');
  const inFolder = args.map((arg) => (/^(?!none|rollouts).*\.yaml$/.test(arg) ? join(folder, arg) : arg));
  const { status, stderr } = rehearse(...inFolder);
  expect(status).toBe(2);
  expect(stderr.replaceAll(`${folder}/`, '')).toContain(message);
});
