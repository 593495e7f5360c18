import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { registryPath } from '../core/registry.ts';
import { canonicalJson, sha256 } from '../core/release.ts';
import { roles, STANDS_ALONE, serverEnv } from '../core/workload.ts';
import { controlArtefact } from './control.ts';

const FIRST = 'a'.repeat(32);
const SECOND = 'b'.repeat(32);
const CALLER = '7'.repeat(16);
let registry: string;
let release: string;
const children: ChildProcess[] = [];
const servers: Server[] = [];

beforeAll(async () => {
  registry = await mkdtemp(join(tmpdir(), 'gridramp-spans-'));
  const json = canonicalJson({ image: 'i@sha256:0', model: await controlArtefact(registry), flags: {}, server: {} });
  release = sha256(json);
  const path = join(registry, registryPath.release(release));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, json);
});
afterAll(() => rm(registry, { recursive: true }));
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

test('a collector is sent a request, its wait for company and the call of the model, as parts of their trace', async () => {
  const { url, spans } = await collector();
  const server = await started({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_SERVICE_NAME: 'forecast' });
  // In one turn of the server, most likely, but that is not what is asked for here.
  const together = await Promise.all([
    server.ask(['s1'], `00-${FIRST}-${CALLER}-01`),
    server.ask(['s1', 's2'], `00-${SECOND}-${CALLER}-01`),
  ]);
  expect(together).toEqual([200, 200]);
  expect(await server.ask(['s1'], `00-${'c'.repeat(32)}-${CALLER}-00`)).toBe(200);
  expect(await server.ask([], `00-${'d'.repeat(32)}-${CALLER}-01`)).toBe(400);
  expect(await server.stopped()).toEqual([0, null]);

  const of = (name: string, traceId?: string) =>
    spans.filter((span) => span.name === name && (traceId === undefined || span.traceId === traceId));
  const [asked] = of('request', FIRST);
  const [waited] = of('batch', FIRST);
  expect(asked).toMatchObject({ parentSpanId: CALLER, service: 'forecast' });
  expect(asked?.attributes).toMatchObject({
    'gridramp.release': release,
    'gridramp.stations': 1,
    'http.response.status_code': 200,
    'http.route': '/v1/forecast',
  });
  expect(waited).toMatchObject({ parentSpanId: asked?.spanId });
  expect(waited?.attributes).toMatchObject({ 'gridramp.arm': 'control', 'gridramp.stations': 1 });
  // Each request's rows were in one call of the model: as its child, or linked to it.
  const calls = of('predict');
  expect(calls.flatMap(({ parentSpanId, links }) => [parentSpanId, ...links]).toSorted()).toEqual(
    of('batch')
      .map(({ spanId }) => spanId)
      .toSorted(),
  );
  const stations = calls.map(({ attributes }) => Number(attributes['gridramp.stations']));
  expect(stations.reduce((sum, n) => sum + n, 0)).toBe(3);
  for (const { attributes } of calls)
    expect(attributes).toMatchObject({
      'gridramp.release': release,
      'gridramp.arm': 'control',
      'gridramp.backend': 'seasonal',
    });
  // Of a trace that its caller does not record nothing is, and a refused request has no parts.
  expect(
    of('request')
      .map(({ traceId }) => traceId[0])
      .toSorted(),
  ).toEqual(['a', 'b', 'd']);
  expect(of('request', 'd'.repeat(32))[0]?.attributes).toMatchObject({ 'http.response.status_code': 400 });
});

test('requests that belong to no trace are recorded in the share that is asked for, each under a trace of its own', async () => {
  const { url, spans } = await collector();
  const half = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' };
  const server = await started({ OTEL_EXPORTER_OTLP_ENDPOINT: url, ...half });
  for (let n = 0; n < 200; n++) expect(await server.ask(['s1'])).toBe(200);
  expect(await server.stopped()).toEqual([0, null]);
  const traces = new Set(spans.map(({ traceId }) => traceId));
  // 200 tosses: outside of 60 to 140 once in 10^8 runs.
  expect(traces.size).toBeGreaterThan(60);
  expect(traces.size).toBeLessThan(140);
  expect(spans.filter(({ name }) => name === 'request')).toHaveLength(traces.size);
});

test.each([
  ['takes requests and never answers', () => listening(() => {})],
  ['is not there', async () => 'http://127.0.0.1:1'],
  ['refuses', () => listening((_request, response) => void response.writeHead(503).end())],
])('a collector that %s keeps no forecast and no stop waiting', async (_what, collectorUrl) => {
  const queue = { OTEL_BSP_MAX_QUEUE_SIZE: '64', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '32', OTEL_BSP_SCHEDULE_DELAY: '10' };
  const server = await started({ OTEL_EXPORTER_OTLP_ENDPOINT: await collectorUrl(), ...queue });
  // Three spans each: many times what may wait.
  for (let n = 0; n < 200; n++) expect(await server.ask(['s1'])).toBe(200);
  expect(await server.stopped()).toEqual([0, null]);
});

type Collected = {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: Record<string, string | number>;
  /** Ids of spans. */
  links: string[];
  service: string;
};

/** A collector as far as it receives OTLP/HTTP in JSON. */
async function collector() {
  const spans: Collected[] = [];
  const url = await listening(async (incoming, response) => {
    expect(incoming.url).toBe('/v1/traces');
    for (const { resource, scopeSpans } of JSON.parse(await text(incoming)).resourceSpans)
      for (const { spans: sent } of scopeSpans)
        for (const span of sent)
          spans.push({
            ...span,
            attributes: attributesOf(span),
            links: (span.links ?? []).map(({ spanId }: { spanId: string }) => spanId),
            service: attributesOf(resource)['service.name'],
          });
    response.setHeader('content-type', 'application/json').end('{}');
  });
  return { url, spans };
}

type Attribute = { key: string; value: { stringValue?: string; intValue?: number | string } };

function attributesOf({ attributes }: { attributes: Attribute[] }): Record<string, string | number> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]));
}

async function listening(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on no port');
  return `http://127.0.0.1:${address.port}`;
}

/** A real process that stands alone. */
async function started(otel: Record<string, string>) {
  const own = {
    ...{
      [serverEnv.host]: '127.0.0.1',
      [serverEnv.port]: '0',
      [serverEnv.pod_name]: 'pod',
      [serverEnv.pod_hash]: 'hash',
    },
    ...{ [serverEnv.release]: release, [serverEnv.arm]: 'control', [serverEnv.registry]: registry },
    [serverEnv.scorer_url]: STANDS_ALONE,
  };
  const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url)), roles.serve], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...own, ...otel },
  });
  children.push(child);
  const url = await new Promise<string>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      const { url } = JSON.parse(line);
      if (url !== undefined) resolve(url);
    });
  });
  while ((await status(`${url}/readyz`)) !== 200);
  return {
    ask: (station_ids: string[], traceparent?: string) => {
      const body = { issue_time: '2016-05-03T05:00:00Z', station_ids, history_kw: station_ids.map(() => [1, 2, 3]) };
      const headers = { 'content-type': 'application/json', ...(traceparent !== undefined && { traceparent }) };
      return status(`${url}/v1/forecast`, { method: 'POST', headers, body: JSON.stringify(body) });
    },
    stopped() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      return exited;
    },
  };
}

async function status(url: string, asked?: Parameters<typeof request>[1]): Promise<number> {
  const { statusCode, body } = await request(url, asked);
  await body.dump();
  return statusCode;
}
