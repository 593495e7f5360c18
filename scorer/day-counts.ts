import { MOST_POD_HASHES, POD_HASH_PATTERN } from '../core/assessment/day-fact.ts';
import { dayOfHour } from '../core/assessment/score-day.ts';
import { LATENCY_BOUNDS_MS } from '../core/metrics.ts';
import type { ForecastRecord } from '../core/record.ts';
import { number, type Query, text } from './database.ts';

/** What callers got of one release and arm on one day, counted as records come. */
export type DayCounts = {
  day: string;
  release: string;
  arm: string;
  answered: number;
  fallback: number;
  /** Of answers to callers; mirrored calls wait for nobody. */
  latency_counts: number[];
  /** Pod-template hashes of the pods that answered callers, in order. */
  pod_hashes: string[];
};

const POD_HASH = new RegExp(POD_HASH_PATTERN);

/** Counts of new records, one per day, release and arm. A forecast belongs to the day of its first target hour. */
export function countDays(records: readonly (ForecastRecord & { issue_h: number })[]): DayCounts[] {
  const counts = new Map<string, DayCounts>();
  for (const { issue_h, release, arm, pod_hash, purpose, fallback, latency_ms } of records) {
    const day = dayOfHour(issue_h + 1);
    const key = `${day}\n${release}\n${arm}`;
    const known = counts.get(key) ?? { day, release, arm, ...nothing() };
    counts.set(key, known);
    if (purpose !== 'served') continue;
    known.answered++;
    known.pod_hashes = together(known.pod_hashes, [pod_hash]);
    if (fallback) known.fallback++;
    const bucket = LATENCY_BOUNDS_MS.findIndex((bound_ms) => latency_ms <= bound_ms);
    const at = bucket === -1 ? LATENCY_BOUNDS_MS.length : bucket;
    known.latency_counts[at] = (known.latency_counts[at] ?? 0) + 1;
  }
  return [...counts.values()];
}

function nothing() {
  return {
    ...{ answered: 0, fallback: 0, pod_hashes: [] },
    latency_counts: new Array<number>(LATENCY_BOUNDS_MS.length + 1).fill(0),
  };
}

/** What does not look like a hash finds no pods; more than MOST_POD_HASHES a day are not kept. */
function together(known: string[], more: readonly string[]): string[] {
  const fresh = more.filter((hash) => !known.includes(hash) && POD_HASH.test(hash));
  return fresh.length === 0 ? known : [...known, ...fresh].sort().slice(0, MOST_POD_HASHES);
}

/** Adds to what is counted already, in the transaction that remembers the records. */
export async function addDayCounts(query: Query, days: readonly DayCounts[]): Promise<void> {
  for (const { day, release, arm, ...more } of days) {
    const [row] = await query('SELECT * FROM day_count WHERE day = ? AND release = ? AND arm = ?', [day, release, arm]);
    const { answered, fallback, latency_counts, pod_hashes } = row === undefined ? nothing() : countsOf(row);
    const latencies = latency_counts.map((count, i) => count + (more.latency_counts[i] ?? 0));
    await query(
      `INSERT INTO day_count VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (day, release, arm)
       DO UPDATE SET answered = excluded.answered, fallback = excluded.fallback, latencies = excluded.latencies, pod_hashes = excluded.pod_hashes`,
      [
        ...[day, release, arm, answered + more.answered, fallback + more.fallback, latencies.join()],
        together(pod_hashes, more.pod_hashes).join(),
      ],
    );
  }
}

export function countsOf(row: Record<string, unknown>): DayCounts {
  return {
    day: text(row.day),
    release: text(row.release),
    arm: text(row.arm),
    answered: number(row.answered),
    fallback: number(row.fallback),
    latency_counts: text(row.latencies).split(',').map(Number),
    pod_hashes: text(row.pod_hashes).split(',').filter(Boolean),
  };
}
