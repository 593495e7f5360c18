import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { fallback as gate } from '../../analysis/fallback.ts';
import { promtool, type Series } from '../../analysis/promtool.ts';
import { metrics } from '../../core/metrics.ts';
import { type ForecastRecord, LEADS } from '../../core/record.ts';
import { registryPath } from '../../core/registry.ts';
import { type BackendName, canonicalJson, type Release, releaseDigest } from '../../core/release.ts';
import { HISTORY_HOURS } from '../../core/telemetry.ts';
import { STANDS_ALONE, serverEnv } from '../../core/workload.ts';
import { fallback } from '../../model-server/predictors/fallback.ts';
import { randomNetwork } from '../../model-server/random-network.ts';

const NATIVE = '@tensorflow/tfjs-node';
const WASM = '@tensorflow/tfjs-backend-wasm';
const JS = '@tensorflow/tfjs-backend-cpu';

const READY = { timeout: 60_000, interval: 5 };

/** One station's two weeks. */
const history_kw = Array.from({ length: HISTORY_HOURS }, (_, i) => 100 + 50 * Math.sin(i / 24) + 10 * Math.sin(i));

let registry: string;
let model: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  registry = await mkdtemp(join(tmpdir(), 'gridramp-backends-'));
  model = await randomNetwork(registry);
});
afterAll(() => rm(registry, { recursive: true }));
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

test('TensorFlow is optional: each backend is answered for by the next, with the same numbers, and the last by a statistical forecast', async () => {
  const order: BackendName[] = ['native', 'wasm', 'js'];
  const answers: Record<string, number[]> = {};
  for (const [answers_it, ...without] of [
    ['native'],
    ['wasm', NATIVE],
    ['js', NATIVE, WASM],
    ['fallback', NATIVE, WASM, JS],
  ]) {
    const server = await started(order, without);
    const { backend } = await server.readiness();
    const faults = order.slice(0, without.length).map((name) => [name, { reason: 'missing', why: expect.any(String) }]);
    expect(backend).toEqual({ answers: answers_it, wanted: 'native', faults: Object.fromEntries(faults) });
    const { values_kw, fallback: fell } = await server.forecast();
    expect(fell).toBe(answers_it !== 'native');
    const counted = fell ? [`{from="native",to="${answers_it}",reason="missing"} 1`] : [];
    expect((await server.counted()).filter((line) => !line.endsWith(' 0'))).toEqual(counted);
    answers[answers_it ?? ''] = values_kw;
  }
  const { native = [], wasm, js, fallback: last } = answers;
  expect(native).toHaveLength(LEADS);
  // The API rounds to a tenth of a watt.
  const like = native.map((value) => expect.closeTo(value, 2));
  expect({ wasm, js }).toEqual({ wasm: like, js: like });
  const batch = { station_ids: ['a'], issue_h: Int32Array.of(0), history_kw: Float64Array.from(history_kw) };
  const { values_kw } = await fallback().forecast(batch);
  expect(last).toEqual(Array.from(values_kw, (value) => expect.closeTo(value, 3)));
});

test('where nothing is said our own code answers, and TensorFlow is not looked for', async () => {
  const server = await started(undefined, [NATIVE, WASM, JS, '@tensorflow/tfjs-core']);
  expect((await server.readiness()).backend).toEqual({ answers: 'simd', wanted: 'simd', faults: {} });
  expect((await server.forecast()).fallback).toBe(false);
});

test('a GPU that is asked for first and is not there is answered for by the processor', async () => {
  const server = await started(['gpu', 'native'], []);
  expect((await server.readiness()).backend).toMatchObject({
    answers: 'native',
    faults: { gpu: { reason: 'missing' } },
  });
});

test('native code that crashes in flight takes no request with it, and is counted', async () => {
  const server = await started(['native', 'wasm', 'js'], []);
  const before = await server.forecast();
  const [native = 0] = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .map(Number);
  process.kill(native, 'SIGSTOP');
  const answers = [server.forecast(), server.forecast(), server.forecast()];
  process.kill(native, 'SIGSEGV');
  process.kill(native, 'SIGCONT');
  for (const { fallback, values_kw } of await Promise.all(answers)) {
    expect(fallback).toBe(true);
    expect(values_kw).toEqual(before.values_kw.map((value) => expect.closeTo(value, 2)));
  }
  expect((await server.readiness()).backend).toMatchObject({
    answers: 'wasm',
    faults: { native: { reason: 'crashed' } },
  });
  expect(await server.counted()).toContain('{from="native",to="wasm",reason="crashed"} 3');
});

test.each<[string, string[], number]>([
  ['has all its backends passes', [], 0],
  ['answers from its fallback fails', [NATIVE], 1],
])('by its own metrics, a canary that %s the gate', async (_what, without, harmful) => {
  const server = await started(['native', 'wasm'], without);
  const canary: Record<string, string[]> = {};
  for (let scrape = 0; scrape < 20; scrape++) {
    await server.forecast();
    for (const line of (await server.metrics()).split('\n')) {
      const [, name = '', labels = '', value = ''] = /^(\w+){(.*)} (\d+)$/.exec(line) ?? [];
      if (name !== metrics.fallbacks.name && name !== metrics.forecasts.name) continue;
      const series = `${name}{${labels},pod_hash="canary",pod="canary-a"}`;
      canary[series] = [...(canary[series] ?? []), value];
    }
  }
  const series: Series = Object.fromEntries(Object.entries(canary).map(([name, values]) => [name, values.join(' ')]));
  const asked = gate.query({
    ...{ canary: 'pod_hash="canary"', stable: 'pod_hash="stable"', window: '8s', threshold: gate.threshold },
    ...{ min_hours: 0, age_hours: 0, weights: { from: 0, to: 1 }, apart: { pinned: 0, kept_out: 0 } },
    ...{ backtested: true, accepted_loss: false },
  });
  const expr = gate.harmful(gate.threshold).replace('x >', `(${asked}) > bool`);
  promtool(series, { expr, at: '19s', interval: '1s', value: harmful });
});

type Answer = Pick<ForecastRecord, 'fallback'> & { values_kw: number[] };

/** A server process that cannot find the packages of `without`, once it is ready. */
async function started(backends: BackendName[] | undefined, without: string[]) {
  const { child, url } = await spawned(await publish(backends), without);
  const get = async (path: string) => (await request(url + path)).body;
  await vi.waitFor(async () => expect((await request(`${url}/readyz`)).statusCode).toBe(200), READY);
  const fallbacks = `${metrics.fallbacks.name}{`;
  const all_metrics = async () => (await get('/metrics')).text();
  return {
    pid: child.pid,
    metrics: all_metrics,
    readiness: async (): Promise<{ backend: unknown }> => JSON.parse(await (await get('/readyz')).text()),
    counted: async () =>
      (await all_metrics())
        .split('\n')
        .flatMap((line) => (line.startsWith(fallbacks) ? [line.slice(fallbacks.length - 1)] : [])),
    async forecast(): Promise<Answer> {
      const { statusCode, body } = await request(`${url}/v1/forecast`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ issue_time: '2016-08-07T05:00:00Z', station_ids: ['a'], history_kw: [history_kw] }),
      });
      const answer: { records: [Answer] } = JSON.parse(await body.text());
      expect(statusCode).toBe(200);
      return answer.records[0];
    },
  };
}

async function publish(backends: BackendName[] | undefined): Promise<string> {
  const release: Release = { image: 'i@sha256:0', model, flags: {}, server: { ...(backends && { backends }) } };
  const digest = releaseDigest(release);
  const file = join(registry, registryPath.release(digest));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, canonicalJson(release));
  return digest;
}

/** Its address is in the line that it logs when it listens. */
async function spawned(release: string, without: string[]): Promise<{ child: ChildProcess; url: string }> {
  const main = fileURLToPath(new URL('../../model-server/main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...{ NODE_OPTIONS: `--import=${new URL('without.mjs', import.meta.url)}`, WITHOUT: without.join(' ') },
      ...{ [serverEnv.host]: '127.0.0.1', [serverEnv.port]: '0', [serverEnv.scorer_url]: STANDS_ALONE },
      ...{ [serverEnv.pod_name]: 'pod', [serverEnv.pod_hash]: 'canary', [serverEnv.arm]: 'control' },
      ...{ [serverEnv.registry]: registry, [serverEnv.release]: release },
    },
  });
  children.push(child);
  let output = '';
  for await (const chunk of child.stdout ?? []) {
    output += chunk;
    const url = /"url":"([^"]+)"/.exec(output)?.[1];
    if (url === undefined) continue;
    child.stdout?.resume();
    return { child, url };
  }
  throw new Error(`the server ended without listening: ${output}`);
}
