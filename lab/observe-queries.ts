import { guardPromql } from '../core/judge/guard-promql.ts';
import { ALL_LEADS, metrics, thetas } from '../core/metrics.ts';
import type { SampleKey } from '../core/timeline.ts';

export type ObservedQueries = Record<SampleKey, string>;

/** What the live view and the report show, as PromQL. `window`: over which latencies are taken, in real time. */
export function observedQueries(hashes: { stable: string; canary: string }, window: string): ObservedQueries {
  const canary = `pod_hash="${hashes.canary}"`;
  const stable = `pod_hash="${hashes.stable}"`;
  const at_abort = `{${canary},theta="${thetas.abort}"}`;
  const latency = (side: string) =>
    `histogram_quantile(0.99, sum by (le) (rate(${metrics.request_ms.name}_bucket{${side},purpose!="pair"}[${window}])))`;
  // An arm that is switched off answers nobody: how wrong it is says nothing about the release any more.
  const off = `(${metrics.arm_switched_off.name}{${canary}} == 1)`;
  const on = (query: string) => `(${query}) unless on(release, pod_hash, arm) ${off}`;
  const bounds = (theta: 'abort' | 'safe', bound: 'lower' | 'upper') =>
    on(guardPromql({ matchers: canary, theta, bound }));
  const mae = (side: string) => on(`${metrics.mae_scaled.name}{${canary},side="${side}",lead_group="${ALL_LEADS}"}`);
  return {
    accuracy_hours: `${metrics.pair_hours.name}${at_abort}`,
    accuracy_mean: on(`${metrics.pair_sum.name}${at_abort} / ${metrics.pair_hours.name}${at_abort}`),
    accuracy_lower: bounds('abort', 'lower'),
    accuracy_upper: bounds('abort', 'upper'),
    safe_upper: bounds('safe', 'upper'),
    guard_alpha: `${metrics.guard_alpha.name}${at_abort}`,
    mae_stable: mae('stable'),
    mae_canary: mae('candidate'),
    latency_ms_p99_stable: latency(stable),
    latency_ms_p99_canary: latency(canary),
    memory_bytes_stable: `${metrics.memory_bytes.name}{${stable}}`,
    memory_bytes_canary: `${metrics.memory_bytes.name}{${canary}}`,
  };
}

/** All queries as one, so that a look costs one request: each answer carries its key as a label. */
export function inOneQuery(queries: ObservedQueries): string {
  return Object.entries(queries)
    .map(([key, query]) => `label_replace(max(${query}), "key", "${key}", "", "")`)
    .join(' or ');
}
