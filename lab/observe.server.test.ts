import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { afterEach, expect, test } from 'vitest';
import type { Timeline } from '../core/timeline.ts';
import { observe } from './observe.ts';
import { firstOfLastHarm, holds, measureBreach, zeroAfter } from './observe-breach.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(handle: (request: IncomingMessage, body: string, response: ServerResponse) => void) {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    handle(request, body, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const json = (response: ServerResponse, value: unknown) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
};

/** An API server with one list per resource whose watches deliver what `push` is given. */
async function stubKube(lists: Record<string, object[]>) {
  const watches = new Map<string, ServerResponse[]>();
  const url = await serve((request, _body, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://kube');
    const resource = pathname.split('/').at(-1) ?? '';
    if (searchParams.get('watch') !== 'true')
      return json(response, { metadata: { resourceVersion: '1' }, items: lists[resource] ?? [] });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    watches.set(resource, [...(watches.get(resource) ?? []), response]);
  });
  const kube = new KubeConfig();
  kube.loadFromClusterAndUser({ name: 'stub', server: url, skipTLSVerify: true }, { name: 'me' });
  const push = (resource: string, object: object) => {
    for (const watch of watches.get(resource) ?? []) watch.write(`${JSON.stringify({ type: 'MODIFIED', object })}\n`);
  };
  return { kube, push };
}

const phases = [{ name: 'ramp', weight_percent: 10, hours: 24, analysis_step: 1 }];
const rollout = (status: object) => ({
  metadata: { name: 'forecast' },
  status: { stableRS: 'old', currentPodHash: 'new', currentStepIndex: 1, ...status },
});
const canary = (weight: number) => ({ canary: { weights: { canary: { weight } } } });

function options(kube: KubeConfig, prometheusUrl: string) {
  return {
    kube,
    prometheusUrl,
    namespace: 'default',
    rollout: 'forecast',
    stable_hash: 'old',
    phases,
    waits: [],
    window: '5s',
    deadline_s: 30,
    hour: () => 7,
    stations_exposed: () => 12,
    signal: new AbortController().signal,
    onChange: () => {},
  };
}

test('a rollout is followed to its abort, with looks at Prometheus that survive its absence', async () => {
  let is_up = true;
  const prometheusUrl = await serve((_request, body, response) => {
    if (!is_up) return response.destroy();
    expect(body).toContain('accuracy_lower');
    const vector = (key: string, value: string) => ({ metric: { key }, value: [1, value] });
    json(response, { data: { result: [vector('accuracy_mean', '-0.1'), vector('latency_ms_p99_canary', 'NaN')] } });
  });
  const { kube, push } = await stubKube({
    rollouts: [rollout({ phase: 'Progressing', ...canary(10) })],
    analysisruns: [],
  });
  const timeline = await observe({
    ...options(kube, prometheusUrl),
    onChange: (live) => {
      if (live.samples.length === 1) is_up = false;
      if (live.events.some(({ text }) => text.startsWith('Prometheus does not answer'))) is_up = true;
      if (live.events.some(({ text }) => text === 'Prometheus answers again') && live.end === null) {
        push('rollouts', rollout({ phase: 'Degraded', abort: true, message: 'RolloutAborted: no', ...canary(0) }));
      }
    },
  });
  expect(timeline.end).toMatchObject({ kind: 'aborted', message: 'RolloutAborted: no', hour: 7, step: 1 });
  expect(timeline.samples[0]?.values).toEqual({ accuracy_mean: -0.1, latency_ms_p99_canary: null });
  expect(timeline.samples.some(({ values }) => Object.keys(values).length === 0)).toBe(true);
});

test('a rollout that does not end is given up at the deadline', async () => {
  const { kube } = await stubKube({ rollouts: [rollout({ phase: 'Progressing' })] });
  const timeline = await observe({ ...options(kube, 'http://127.0.0.1:1'), deadline_s: 0.2 });
  expect(timeline.end).toMatchObject({ kind: 'deadline', step: 1 });
});

const start_ms = Date.UTC(2026, 0, 1);
const iso = (ms: number) => new Date(start_ms + ms).toISOString();

function aborted(): Timeline {
  const measurements = [{ index: 0, at: iso(3000), phase: 'Failed' as const, value: 150, raw: '[150]', message: '' }];
  const metric = { name: 'latency', phase: 'Failed' as const, message: '', query: 'p99', taken: 1, measurements };
  const metrics = [{ ...metric, consecutive_good: 0, consecutive_needed: 1 }];
  const end = { at: iso(3000), hour: 9, kind: 'aborted' as const, message: '', step: 1, weight_percent: 10 };
  const runs = [{ name: 'run', step: 1, phase: 'Failed' as const, message: '', metrics }];
  const rest = {
    rollout: 'forecast',
    stable_hash: 'old',
    canary_hash: 'new',
    phases,
    waits: [],
    events: [],
    samples: [],
  };
  return { ...rest, started_at: iso(0), runs, end };
}

test('the breach is when Prometheus could first show it, its end the first zero weight of Envoy after it', async () => {
  const prometheusUrl = await serve((_request, body, response) => {
    const asked = Object.fromEntries(new URLSearchParams(body));
    expect(asked).toMatchObject({ query: 'p99', step: '0.250', end: ((start_ms + 3000) / 1000).toFixed(3) });
    const values = [90, 120, 90, 130, 140, 150].map((v, i) => [(start_ms + 1750 + 250 * i) / 1000, `${v}`]);
    json(response, { data: { result: [{ metric: {}, values }] } });
  });
  const weights_dir = await mkdtemp(join(tmpdir(), 'gridramp-breach-'));
  closing.push(() => rm(weights_dir, { recursive: true }));
  const line = (ms: number, weight: number) =>
    `${JSON.stringify({ at: iso(ms), primary: { stable: 100 - weight, canary: weight }, mirror: true })}\n`;
  const file = join(weights_dir, 'weights.jsonl');
  await writeFile(file, line(0, 0) + line(1000, 10));
  setTimeout(() => void appendFile(file, line(4100, 0)), 150);
  const harmful = new Map([['latency', 'x > 100']]);
  const { signal } = new AbortController();
  const breach = await measureBreach({ timeline: aborted(), harmful, prometheusUrl, weights_dir, signal });
  expect(breach).toMatchObject({ gate: 'latency', breach_at: iso(2500), zero_at: iso(4100), ended: 'weight' });
  expect(breach?.seconds).toBeCloseTo(1.6, 6);
});

test('a breach that cannot be measured is noted in the timeline, and no gate means no breach', async () => {
  const prometheusUrl = await serve((_request, _body, response) => json(response, { data: { result: [] } }));
  const { signal } = new AbortController();
  const harmful = new Map([['latency', 'x > 100']]);
  const timeline = aborted();
  expect(await measureBreach({ timeline, harmful, prometheusUrl, weights_dir: '/nowhere', signal })).toBeNull();
  expect(timeline.events.at(-1)?.text).toMatch(/could not be measured: Prometheus shows no harm by gate "latency"/);
  const unharmed = { ...aborted(), runs: [] };
  expect(
    await measureBreach({ timeline: unharmed, harmful, prometheusUrl, weights_dir: '/nowhere', signal }),
  ).toBeNull();
  expect(unharmed.events).toEqual([]);
});

test('a breach in shadow ends with the mirror', () => {
  const weight = (ms: number, mirror: boolean) => ({ at: iso(ms), primary: { stable: 100, canary: 0 }, mirror });
  const weights = [weight(0, true), weight(5000, false)];
  expect(zeroAfter(weights, start_ms + 1000)).toEqual({ at_ms: start_ms + 5000, ended: 'mirror' });
  expect(zeroAfter(weights.slice(0, 1), start_ms + 1000)).toBeNull();
  expect(zeroAfter(weights, start_ms + 6000)).toEqual({ at_ms: start_ms + 6000, ended: 'mirror' });
});

test('harm counts from its last unbroken run; gaps and goodness break it', () => {
  const points = (values: [number, number][]) => values.map(([at_ms, value]) => ({ at_ms, value }));
  expect(
    firstOfLastHarm(
      points([
        [0, 9],
        [250, 9],
        [500, 1],
        [750, 9],
        [1000, 9],
      ]),
      'x > 5',
    ),
  ).toBe(750);
  expect(
    firstOfLastHarm(
      points([
        [0, 9],
        [250, 9],
        [2000, 9],
        [2250, 9],
      ]),
      'x > 5',
    ),
  ).toBe(2000);
  expect(
    firstOfLastHarm(
      points([
        [0, 9],
        [250, 9],
        [500, Number.NaN],
      ]),
      'x > 5',
    ),
  ).toBe(0);
  expect(firstOfLastHarm(points([[0, 1]]), 'x > 5')).toBeNull();
});

test('conditions of gates are understood, others refused', () => {
  const at = (x: number) =>
    ['x > 100', 'x <= -0.01', 'x < 0 || x >= 1e3', 'x > 0 && x != 5', 'false'].map((c) => holds(c, x));
  expect(at(101)).toEqual([true, false, false, true, false]);
  expect(at(-1)).toEqual([false, true, true, false, false]);
  expect(at(1000)).toEqual([true, false, true, true, false]);
  expect(at(5)).toEqual([false, false, false, false, false]);
  expect(at(Number.NaN)).toEqual([false, false, false, false, false]);
  expect(() => holds('abs(x) > 1', 2)).toThrow(/"abs\(x\) > 1" is not a comparison/);
});
