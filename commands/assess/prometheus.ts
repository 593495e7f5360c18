import { Ajv } from 'ajv';
import type { DayFact } from '../../core/assessment/day-fact.ts';
import { DAY_MS, daysBetween, type Range } from '../../core/assessment/days.ts';
import type { PodUsage, UsageByDay } from '../../core/assessment/usage.ts';
import { InputError } from '../../core/input-error.ts';
import { FAILED_REQUEST, metrics } from '../../core/metrics.ts';
import { textOf } from './answer.ts';

/** Memory is summed at this step: a pod that lived for an hour counts for an hour. */
const MEMORY_STEP_MINUTES = 5;
const STEPS_PER_HOUR = 60 / MEMORY_STEP_MINUTES;

/** One number per pod-template hash and day: each query looks back over the day that ends where it is evaluated. */
export function usageQueries(pod_hashes: readonly string[]): Record<keyof PodUsage, string> {
  const pods = `pod_hash=~"${pod_hashes.join('|')}"`;
  const served = `${pods},purpose="served"`;
  const grown = (name: string, matchers: string) => `sum by (pod_hash) (increase(${name}{${matchers}}[1d]))`;
  const memory = `${metrics.memory_bytes.name}{${pods}}`;
  const all_memory = `(sum by (pod_hash) (${memory}))[1d:${MEMORY_STEP_MINUTES}m]`;
  return {
    served: grown(metrics.forecasts.name, served),
    // A code that never occurred has no series: then nothing failed, if anything was asked.
    failed: `${grown(metrics.requests.name, `${served},${FAILED_REQUEST}`)} or 0 * ${grown(metrics.requests.name, served)}`,
    forecasts: grown(metrics.forecasts.name, pods),
    cpu_s: grown(metrics.cpu_s.name, pods),
    memory_gb_h: `sum_over_time(${all_memory}) / ${STEPS_PER_HOUR} / 1e9`,
    memory_bytes_max: `max by (pod_hash) (max_over_time(${memory}[1d]))`,
  };
}

/** Asks Prometheus what the pods of the facts used on each day of the windows; its days are the clock's. An InputError where it cannot say. */
export async function askPrometheus(
  url: string,
  facts: readonly DayFact[],
  windows: readonly Range[],
): Promise<UsageByDay> {
  const hashes = [...new Set(facts.flatMap(({ pod_hashes }) => pod_hashes ?? []))].sort();
  if (hashes.length === 0) return new Map();
  const queries = usageQueries(hashes);
  const ask = (field: keyof PodUsage) => daily(url, queries[field], windows);
  const found = {
    served: await ask('served'),
    failed: await ask('failed'),
    forecasts: await ask('forecasts'),
    cpu_s: await ask('cpu_s'),
    memory_gb_h: await ask('memory_gb_h'),
    memory_bytes_max: await ask('memory_bytes_max'),
  };
  const usage = new Map<string, Map<string, PodUsage>>();
  for (const day of windows.flatMap(daysBetween)) {
    const pods = hashes.flatMap((hash): [string, PodUsage][] => {
      const one = usageAt(found, `${day} ${hash}`);
      return one === null ? [] : [[hash, one]];
    });
    usage.set(day, new Map(pods));
  }
  return usage;
}

/** Numbers by day and hash, as "2026-03-01 7c9d4f6b8". */
type Daily = ReadonlyMap<string, number>;

/** Null where any of its numbers is missing. */
function usageAt(found: Record<keyof PodUsage, Daily>, key: string): PodUsage | null {
  const at = (field: keyof PodUsage) => found[field].get(key) ?? Number.NaN;
  const usage: PodUsage = {
    served: at('served'),
    failed: at('failed'),
    forecasts: at('forecasts'),
    cpu_s: at('cpu_s'),
    memory_gb_h: at('memory_gb_h'),
    memory_bytes_max: at('memory_bytes_max'),
  };
  return Object.values(usage).every(Number.isFinite) ? usage : null;
}

async function daily(url: string, query: string, windows: readonly Range[]): Promise<Daily> {
  const values = new Map<string, number>();
  for (const { from, to } of windows)
    for (const { metric, values: points } of await queryRange(url, query, { from, to }))
      for (const [end_s, value] of points) {
        const day = new Date(1000 * end_s - DAY_MS).toISOString().slice(0, 10);
        values.set(`${day} ${metric.pod_hash}`, Number(value));
      }
  return values;
}

type Series = { metric: { pod_hash: string }; values: [at_s: number, value: string][] };

const isMatrix = new Ajv().compile<{ data: { result: Series[] } }>({
  type: 'object',
  required: ['data'],
  properties: {
    data: {
      type: 'object',
      required: ['result'],
      properties: {
        result: {
          type: 'array',
          items: {
            type: 'object',
            required: ['metric', 'values'],
            properties: {
              metric: { type: 'object', required: ['pod_hash'], properties: { pod_hash: { type: 'string' } } },
              values: {
                type: 'array',
                items: { type: 'array', minItems: 2, maxItems: 2, items: [{ type: 'number' }, { type: 'string' }] },
              },
            },
          },
        },
      },
    },
  },
});

/** One value per day, at its end. */
async function queryRange(url: string, query: string, { from, to }: Range): Promise<Series[]> {
  const end_s = (day: string) => String((Date.parse(day) + DAY_MS) / 1000);
  const text = await textOf('--prometheus', `${url}/api/v1/query_range`, {
    method: 'POST',
    body: new URLSearchParams({ query, start: end_s(from), end: end_s(to), step: String(DAY_MS / 1000) }),
  });
  const answer = parsed(text);
  if (isMatrix(answer)) return answer.data.result;
  const message = `answered ${query} with something else than a matrix by pod_hash: ${text.slice(0, 200)}`;
  throw new InputError([{ place: '--prometheus', message, fix: 'give the address of a Prometheus' }]);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
