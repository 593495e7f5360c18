import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CustomObjectsApi } from '@kubernetes/client-node';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { closed, opened } from '../../commands/assess/stand-in-server.ts';
import { type AnalysisAnswer, analyse, type JudgedRun } from '../../commands/rehearse-analysis/analysis-run.ts';
import { type Lab, startLab } from '../../lab/lab.ts';
import { type KnowingPrometheus, prometheusOf } from '../prometheus.ts';
import { GRID_S, generatedCases, samplesOf, templateOf } from './analysis-cases.ts';
import { apply } from './data-plane-lab.ts';

const NAMESPACE = 'differential';
const CASES = 72;
const SEED = 1;
/** Time to put the series into Prometheus and the runs into the cluster before they begin. */
const LEAD_S = 40;
/** Argo and Prometheus may be late by less than half a grid; whole seconds are all that Argo notes. */
const LATE_S = GRID_S / 2;
const LASTS = { timeout: 240_000, interval: 500 };
const resource = { group: 'argoproj.io', version: 'v1alpha1', namespace: NAMESPACE, plural: 'analysisruns' };

const cases = generatedCases(CASES, SEED).map((generated, n) => ({ generated, name: `case-${n}` }));
const folder = mkdtempSync(join(tmpdir(), 'gridramp-differential-'));
let lab: Lab;
let prometheus: KnowingPrometheus;
let gateway: Server;

/** An AnalysisRun's status, as Argo wrote it. */
type Status = {
  phase?: string;
  message?: string;
  startedAt?: string;
  metricResults?: ({ name: string; phase: string; measurements: Look[] } & Partial<
    Record<(typeof counters)[number], number>
  >)[];
};
type Look = { startedAt: string; phase: string; value?: string };

const counters = [
  'count',
  'successful',
  'failed',
  'inconclusive',
  'error',
  'consecutiveError',
  'consecutiveSuccess',
] as const;

/** What both must agree on. */
type Judged = {
  phase: string;
  message: string;
  metrics: { name: string; phase: string; counters: number[]; looks: { phase: string; value: string }[] }[];
};

let real: Map<string, Status>;
let rehearsed: Map<string, JudgedRun>;

beforeAll(async () => {
  lab = await startLab();
  await apply(lab, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
  const start_s = Math.ceil(Date.now() / 1000) + LEAD_S;
  const samples = cases.map(({ generated, name }) => samplesOf(generated, name, start_s));
  prometheus = await prometheusOf(openMetrics(samples.flat()), folder);
  const address = await openGateway(start_s);
  const templates = cases.map(({ generated, name }) => templateOf(generated, name, `${address}/${name}`));
  await createAtOnce(templates, start_s);
  real = await ended();
  const answers = await analyse(
    cases.map(({ name }, n) => ({
      series: { openmetrics: openMetrics(samples[n] ?? []) },
      lookback_s: 300,
      outages: outagesOf(n, start_s),
      runs: [
        {
          template: templates[n],
          args: {},
          start: real.get(name)?.startedAt ?? new Date(start_s * 1000).toISOString(),
        },
      ],
    })),
  );
  rehearsed = new Map(answers.map((answer, n) => [`case-${n}`, runOf(answer)]));
}, 480_000);

afterAll(async () => {
  await Promise.all([lab?.stop(), prometheus?.end(), gateway && closed(gateway)]);
  rmSync(folder, { recursive: true });
});

test.each(cases)('$name is judged by the tool as by the controller', ({ name }) => {
  const [theirs, ours] = [real.get(name), rehearsed.get(name)];
  if (theirs === undefined || ours === undefined) throw new Error(`${name} was not judged`);
  expect(ofTool(ours)).toEqual(ofController(theirs));
  expect(latenesses(theirs, ours).filter((late_s) => Math.abs(late_s) > LATE_S)).toEqual([]);
});

test('The cases cover what there is to get wrong', () => {
  const statuses = [...real.values()];
  const phases = (of: string[]) => [...new Set(of)].sort();
  const all = ['Error', 'Failed', 'Inconclusive', 'Successful'];
  const results = statuses.flatMap(({ metricResults }) => metricResults ?? []);
  expect(phases(statuses.map(({ phase }) => phase ?? 'none'))).toEqual(all);
  expect(phases(results.flatMap(({ measurements }) => measurements.map(({ phase }) => phase)))).toEqual(all);
  const values = new Set(results.flatMap(({ measurements }) => measurements.map(({ value }) => value ?? '')));
  for (const value of ['[1]', '[0]', '[]', '[NaN]', '[+Inf]', '[1,1]', '1', 'NaN', '[1,1,1]', ''])
    expect(values).toContain(value);
  const said = statuses.map(({ message }) => message ?? '').join('\n');
  for (const limit of ['failureLimit', 'inconclusiveLimit', 'consecutiveErrorLimit', 'Analysis spec invalid'])
    expect(said).toContain(limit);
});

const openMetrics = (lines: readonly string[]) => ['# TYPE level gauge', ...lines, '# EOF', ''].join('\n');

function outagesOf(n: number, start_s: number): { start: string; end: string }[] {
  const at = (grid: number) => new Date((start_s + (grid - 0.5) * GRID_S) * 1000).toISOString();
  return (cases[n]?.generated.outages ?? []).map(([from, to]) => ({ start: at(from), end: at(to) }));
}

/** Prometheus under a path of each case, which cuts the connection while the case has an outage. */
async function openGateway(start_s: number): Promise<string> {
  gateway = createServer((asked, answer) => {
    const [, n, path] = /^\/case-(\d+)(\/.*)$/.exec(asked.url ?? '') ?? [];
    const now = new Date().toISOString();
    if (path === undefined || outagesOf(Number(n), start_s).some(({ start, end }) => start <= now && now < end)) {
      asked.destroy();
      return;
    }
    const headers = { 'content-type': asked.headers['content-type'] ?? '' };
    request(`${prometheus.url}${path}`, { method: asked.method === 'GET' ? 'GET' : 'POST', headers, body: asked }).then(
      async ({ statusCode, body }) =>
        answer.writeHead(statusCode, { 'content-type': 'application/json' }).end(await body.text()),
      () => asked.destroy(),
    );
  });
  return await opened(gateway);
}

/** The controller is stopped while the runs are made, so that it finds them all in the instant at which the series begin. */
async function createAtOnce(templates: readonly ReturnType<typeof templateOf>[], start_s: number): Promise<void> {
  const controller = lab.runner.pidOf('argo-rollouts');
  if (controller === undefined) throw new Error('the controller does not run');
  const api = (await lab.client('admin')).makeApiClient(CustomObjectsApi);
  process.kill(controller, 'SIGSTOP');
  try {
    const made = templates.map(({ metadata, spec }) =>
      api.createNamespacedCustomObject({
        ...resource,
        body: { apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisRun', metadata, spec },
      }),
    );
    await Promise.all(made);
    const ahead_ms = start_s * 1000 - Date.now();
    if (ahead_ms < 0) throw new Error(`the machine took ${-ahead_ms} ms longer than LEAD_S to prepare`);
    await new Promise((resolve) => setTimeout(resolve, ahead_ms));
  } finally {
    process.kill(controller, 'SIGCONT');
  }
}

async function ended(): Promise<Map<string, Status>> {
  const api = (await lab.client('admin')).makeApiClient(CustomObjectsApi);
  const over = ({ status }: { status?: Status }) =>
    /^(Successful|Failed|Error|Inconclusive)$/.test(status?.phase ?? '');
  return await vi.waitFor(async () => {
    // The shape is that of the custom resource.
    const { items } = (await api.listNamespacedCustomObject(resource)) as {
      items: { metadata: { name: string }; status?: Status }[];
    };
    expect(items.filter((run) => !over(run)).map(({ metadata }) => metadata.name)).toEqual([]);
    return new Map(items.map(({ metadata, status }) => [metadata.name, status ?? {}]));
  }, LASTS);
}

function runOf(answer: AnalysisAnswer): JudgedRun {
  const [run] = answer.fault === undefined ? answer.runs : [];
  if (run === undefined) throw new Error(JSON.stringify(answer));
  return run;
}

/** An error's message names addresses and sockets, which differ; everything else must be word for word the same. */
const withoutCause = (message: string) => message.replace(/: "Error Message: .*/s, '');

function ofController({ phase = '', message = '', metricResults = [] }: Status): Judged {
  const metrics = metricResults.map((result) => ({
    name: result.name,
    phase: result.phase,
    counters: counters.map((counter) => result[counter] ?? 0),
    looks: result.measurements.map(({ phase, value = '' }) => ({ phase, value })),
  }));
  return { phase, message: withoutCause(message), metrics: metrics.sort((a, b) => a.name.localeCompare(b.name)) };
}

function ofTool({ phase, message, metrics, measurements }: JudgedRun): Judged {
  return {
    phase,
    message: withoutCause(message),
    metrics: metrics.map((result) => ({
      name: result.name,
      phase: result.phase,
      counters: [
        ...[result.count, result.successful, result.failed, result.inconclusive],
        ...[result.error, result.consecutive_error, result.consecutive_success],
      ],
      looks: measurements.flatMap(({ metric, phase, value }) => (metric === result.name ? [{ phase, value }] : [])),
    })),
  };
}

/** How much later than the tool the controller took each measurement, in seconds. */
function latenesses({ metricResults = [] }: Status, { measurements }: JudgedRun): number[] {
  return metricResults.flatMap(({ name, measurements: looks }) => {
    const ours = measurements.filter(({ metric }) => metric === name);
    return looks.map(
      ({ startedAt }, n) => (Date.parse(startedAt) - Date.parse(ours[n]?.started_at ?? startedAt)) / 1000,
    );
  });
}
