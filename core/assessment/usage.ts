import type { DayFact } from './day-fact.ts';

/** What the pods of one pod-template hash did on one UTC day, as they counted it themselves. */
export type PodUsage = {
  /** Forecasts for callers, and requests of callers that failed. */
  served: number;
  failed: number;
  /** Forecasts for anyone, pairs and mirrored calls among them: all of them took CPU. */
  forecasts: number;
  cpu_s: number;
  memory_gb_h: number;
  memory_bytes_max: number;
};

/** Day → pod-template hash → usage. */
export type UsageByDay = ReadonlyMap<string, ReadonlyMap<string, PodUsage>>;

/** Days on which a release served, by what came of its usage. */
export type UsageJoin = { joined: number; no_pods: number; no_usage: number; other_counts: number };

/** Pods count what they answered and the scorer what it got; further apart than this, they do not speak of the same calls. */
const MOST_APART = { share: 0.1, forecasts: 10 };

/**
 * Adds what pods used to the facts of the releases that served: CPU, memory and failed calls. All or nothing for a release and day, and only where
 * the pods made as many forecasts for callers as the scorer counted: not where metrics were kept for a part of the day, and not in compressed time.
 * The arms of a release share its pods, so the first carries the usage of all.
 */
export function withUsage(facts: readonly DayFact[], usage: UsageByDay): { facts: DayFact[]; days: UsageJoin } {
  const days: UsageJoin = { joined: 0, no_pods: 0, no_usage: 0, other_counts: 0 };
  const filled = new Map<DayFact, DayFact>();
  const serving = facts.filter(({ role }) => role === 'serving');
  for (const arms of Map.groupBy(serving, ({ day, release }) => `${day} ${release}`).values()) {
    const [first, found] = [arms[0], usageOf(arms, usage)];
    days[typeof found === 'string' ? found : 'joined']++;
    if (first !== undefined && typeof found !== 'string') filled.set(first, using(first, found));
  }
  return { facts: facts.map((fact) => filled.get(fact) ?? fact), days };
}

function usageOf(arms: readonly DayFact[], usage: UsageByDay): PodUsage | Exclude<keyof UsageJoin, 'joined'> {
  if (arms.some(({ pod_hashes }) => pod_hashes === null)) return 'no_pods';
  const hashes = [...new Set(arms.flatMap(({ pod_hashes }) => pod_hashes ?? []))];
  const found = hashes.map((hash) => usage.get(arms[0]?.day ?? '')?.get(hash));
  const known = found.filter((pods) => pods !== undefined);
  if (known.length < hashes.length) return 'no_usage';
  const all = known.reduce(together);
  const answered = arms.reduce((sum, { forecasts }) => sum + (forecasts?.answered ?? 0), 0);
  const apart = Math.abs(all.served - answered);
  return apart > MOST_APART.share * answered + MOST_APART.forecasts ? 'other_counts' : all;
}

function together(a: PodUsage, b: PodUsage): PodUsage {
  return {
    served: a.served + b.served,
    failed: a.failed + b.failed,
    forecasts: a.forecasts + b.forecasts,
    cpu_s: a.cpu_s + b.cpu_s,
    memory_gb_h: a.memory_gb_h + b.memory_gb_h,
    memory_bytes_max: Math.max(a.memory_bytes_max, b.memory_bytes_max),
  };
}

function using(fact: DayFact, { failed, forecasts: made, cpu_s, memory_gb_h, memory_bytes_max }: PodUsage): DayFact {
  const forecasts = fact.forecasts === null ? null : { ...fact.forecasts, failed: Math.round(failed) };
  const resources = { cpu_s, gpu_s: null, memory_gb_h, memory_bytes_max, forecasts: Math.round(made) };
  return { ...fact, forecasts, resources };
}
