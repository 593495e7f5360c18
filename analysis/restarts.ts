import { formatSeconds, parseSeconds } from '../core/duration.ts';
import type { Gate } from '../core/gate.ts';
import { metrics } from '../core/metrics.ts';

/** A crash loop backs off for minutes, so the pod is scraped rarely: look back over many rate windows. */
const WINDOWS = 12;

/**
 * A container that starts again keeps its pod, so its start time changes within one series. Pods that are added, moved or scaled down begin
 * and end series without changing one. The canary's pods are as old as the release, so every change seen is the release's own;
 * the stable's restarts per pod are taken off, since a sick node hits both.
 */
export const restarts: Gate = {
  name: 'restarts',
  reason: 'its containers crash and start again',
  title: (threshold) =>
    `${threshold === 0 ? 'no' : `at most ${threshold}`} more restarts of the canary's containers than of the stable's`,
  unit: 'restarts',
  threshold: 0,
  kind: 'serving',
  forgiven: 0,
  query: ({ canary, stable, window }) => {
    const range = formatSeconds(WINDOWS * parseSeconds(window));
    const starts = (version: string) => `${metrics.start_s.name}{${version}}[${range}]`;
    // A start time that is no number never changes: 0 × NaN keeps it from counting as a pod that never restarted.
    const changes = (version: string) => `(changes(${starts(version)}) + 0 * last_over_time(${starts(version)}))`;
    return `sum(${changes(canary)}) - count(${changes(canary)}) * avg(${changes(stable)})`;
  },
  harmful: (threshold) => `x > ${threshold}`,
  good: (threshold) => `x <= ${threshold}`,
  detects: (_phase, threshold) => (threshold === 0 ? 'any restart' : `more than ${threshold} restarts`),
};
