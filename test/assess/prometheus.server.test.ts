import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseOptions } from '../../commands/assess/options.ts';
import { askPrometheus } from '../../commands/assess/prometheus.ts';
import { bringFacts } from '../../commands/assess/sources.ts';
import { closed, opened } from '../../commands/assess/stand-in-server.ts';
import { emptyFact, lineOf } from '../../core/assessment/day-fact.ts';
import type { PodUsage } from '../../core/assessment/usage.ts';
import { metrics } from '../../core/metrics.ts';
import { type KnowingPrometheus, prometheusOf } from '../prometheus.ts';

const MINUTE_S = 60;
const DAY_S = 24 * 60 * MINUTE_S;
const START_S = Date.parse('2026-03-01T00:00:00Z') / 1000;
const days = { from: '2026-03-01', to: '2026-03-03' };

const folder = mkdtempSync(join(tmpdir(), 'gridramp-usage-'));
let prometheus: KnowingPrometheus;
beforeAll(async () => {
  prometheus = await prometheusOf(recorded(), folder);
});
afterAll(async () => {
  await prometheus.end();
  rmSync(folder, { recursive: true });
});

/** What one pod exports at `s` seconds from the first midnight on. */
type Pod = { labels: string; from_s: number; to_s: number; bytes: number; failing: boolean };

/** Two pods of hash "old" from the first day on; one of "new" for the second half of the second day, which fails at times; one of another service. */
const pods: Pod[] = [
  { labels: 'pod_hash="old",pod="old-1"', from_s: 0, to_s: 3 * DAY_S, bytes: 2e8, failing: false },
  { labels: 'pod_hash="old",pod="old-2"', from_s: 0, to_s: 2 * DAY_S, bytes: 3e8, failing: false },
  { labels: 'pod_hash="new",pod="new-1"', from_s: 1.5 * DAY_S, to_s: 2 * DAY_S, bytes: 1e9, failing: true },
  { labels: 'pod_hash="other",pod="other-1"', from_s: 0, to_s: 3 * DAY_S, bytes: 9e9, failing: true },
];

/** A sample a minute: a tenth of a second of CPU a second, two calls and six forecasts a minute, one of a hundred calls failed. */
function recorded(): string {
  const families = new Map<string, string[]>();
  const sample = (name: string, type: string, labels: string, value: number, s: number) => {
    const family = families.get(name) ?? [`# TYPE ${name.replace(/_total$/, '')} ${type}`];
    families.set(name, family);
    family.push(`${name}{${labels}} ${value} ${START_S + s}`);
  };
  for (const { labels, from_s, to_s, bytes, failing } of pods)
    for (let s = from_s; s <= to_s; s += MINUTE_S) {
      // The first of the old pods is restarted at noon of the first day: its counters begin anew.
      const restarted_s = labels.includes('old-1') && s >= DAY_S / 2 ? DAY_S / 2 : from_s;
      const minutes = (s - restarted_s) / MINUTE_S;
      sample(metrics.cpu_s.name, 'counter', labels, 6 * minutes, s);
      sample(metrics.memory_bytes.name, 'gauge', labels, bytes, s);
      sample(metrics.forecasts.name, 'counter', `${labels},purpose="served"`, 2 * minutes, s);
      sample(metrics.forecasts.name, 'counter', `${labels},purpose="pair"`, 4 * minutes, s);
      sample(metrics.requests.name, 'counter', `${labels},purpose="served",code="200"`, 2 * minutes, s);
      sample(metrics.requests.name, 'counter', `${labels},purpose="pair",code="500"`, minutes, s);
      if (failing) sample(metrics.requests.name, 'counter', `${labels},purpose="served",code="503"`, minutes / 50, s);
    }
  // Samples of one series stand together, as the format wants.
  const grouped = [...families].map(([, [type = '', ...lines]]) => [type, ...lines.sort(bySeries)]);
  return `${grouped.flat().join('\n')}\n# EOF\n`;
}

function bySeries(a: string, b: string): number {
  const [x, y] = [a, b].map((line) => line.slice(0, line.indexOf('}')));
  return (x ?? '').localeCompare(y ?? '');
}

const fact = (pod_hashes: string[]) => ({
  ...emptyFact({ day: days.from, release: 'r', arm: 'a', role: 'serving' }),
  pod_hashes,
});

/** Within a hundredth: counters are extrapolated to the ends of a day, and memory is known to a step of five minutes. */
function near(usage: PodUsage | undefined, expected: PodUsage): void {
  for (const [name, value] of Object.entries(expected))
    expect(Math.abs(Number(Reflect.get(usage ?? {}, name)) - value), name).toBeLessThanOrEqual(value / 100);
}

test('what pods used comes by day and pod-template hash: restarts, parts of a day, and nobody else', async () => {
  const usage = await askPrometheus(prometheus.url, [fact(['old', 'new'])], [days]);
  expect([...usage.keys()]).toEqual(['2026-03-01', '2026-03-02', '2026-03-03']);
  expect([...(usage.get('2026-03-02')?.keys() ?? [])]).toEqual(['new', 'old']);
  expect([...(usage.get('2026-03-01')?.keys() ?? [])]).toEqual(['old']);
  const minutes = 24 * 60;
  const whole = { served: 2 * minutes, failed: 0, forecasts: 6 * minutes, cpu_s: 6 * minutes };
  const both = Object.fromEntries(Object.entries(whole).map(([name, value]) => [name, 2 * value]));
  near(usage.get('2026-03-01')?.get('old'), { ...whole, ...both, memory_gb_h: 24 * 0.5, memory_bytes_max: 3e8 });
  near(usage.get('2026-03-03')?.get('old'), { ...whole, memory_gb_h: 24 * 0.2, memory_bytes_max: 2e8 });
  near(usage.get('2026-03-02')?.get('new'), {
    ...{ served: minutes, failed: minutes / 100, forecasts: 3 * minutes, cpu_s: 3 * minutes },
    ...{ memory_gb_h: 12, memory_bytes_max: 1e9 },
  });
});

test('recorded days get what their pods used, and the source says which do not and why', async () => {
  const served = (day: string, answered: number, pod_hashes: string[] | null) =>
    lineOf({ ...fact([]), day, pod_hashes, forecasts: { answered, failed: null, fallback: 0 } });
  const file = join(folder, 'facts.jsonl');
  const lines = [
    served('2026-02-28', 5760, null),
    served('2026-03-01', 5760, ['old']),
    served('2026-03-02', 7200, ['new', 'old']),
    served('2026-03-03', 9999, ['old']),
    served('2026-03-04', 2880, ['old']),
  ];
  writeFileSync(file, lines.join(''));
  const windows = ['--before', '2026-02-28..2026-03-01', '--after', '2026-03-02..2026-03-04'];
  const options = parseOptions([...windows, '--facts', file, '--prometheus', `${prometheus.url}/`]);
  if (options === null) throw new Error('no help was asked for');
  const { facts, from } = await bringFacts(options, { truth_delay_hours: 6 }, () => {});
  expect(facts.map(({ resources, forecasts }) => [resources !== null, forecasts?.failed])).toEqual([
    [false, null],
    [true, 0],
    [true, 14],
    [false, null],
    [false, null],
  ]);
  expect(from.resources).toBe(
    `CPU, memory and failed calls of 2 of 5 days from Prometheus, ${prometheus.url}; 1 do not say which pods served, 1 have no metrics there of these pods, 1 have other numbers of forecasts there than the scorer counted`,
  );
});

test('facts that name no pods ask for nothing, and days before the metrics have none', async () => {
  expect(await askPrometheus('http://127.0.0.1:1', [{ ...fact([]), pod_hashes: null }], [days])).toEqual(new Map());
  const before = await askPrometheus(prometheus.url, [fact(['old'])], [{ from: '2026-02-01', to: '2026-02-02' }]);
  expect([...before.values()].map(({ size }) => size)).toEqual([0, 0]);
});

test('what is no Prometheus is named, with the flag and what it said', async () => {
  await expect(askPrometheus(`${prometheus.url}/nowhere`, [fact(['old'])], [days])).rejects.toThrow(
    /^--prometheus: .*\/nowhere\/api\/v1\/query_range answered 404: .*; check that it is the address/s,
  );
  // Two servers: a connection that is kept to one that ended would be told of in other words.
  const page = createServer((_, answer) => answer.end('<html>'));
  const nobody = createServer();
  const asked = (url: string) => askPrometheus(url, [fact(['old'])], [days]);
  const [there, gone] = [await opened(page), await opened(nobody)];
  await closed(nobody);
  await expect(asked(there)).rejects.toThrow(
    /--prometheus: answered .* with something else than a matrix by pod_hash: <html>/,
  );
  await closed(page);
  await expect(asked(gone)).rejects.toThrow(
    /^--prometheus: http:\/\/127.0.0.1:\d+\/api\/v1\/query_range cannot be read \(.*ECONNREFUSED.*\); check the address/,
  );
});
