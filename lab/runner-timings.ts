import type { LabEvent } from './process.ts';

export type StageTime = { name: string; started_ms: number; ready_ms: number | null };

/** How long each part took to its first readiness, in the order of starting. */
export function stageTimes(events: readonly LabEvent[]): StageTime[] {
  const at = (name: string, kind: LabEvent['kind']): number | undefined =>
    events.find((event) => event.name === name && event.kind === kind)?.at_ms;
  return events
    .filter(({ kind }) => kind === 'started')
    .map(({ name, at_ms }) => ({ name, started_ms: at_ms, ready_ms: at(name, 'ready') ?? null }));
}

/** One line per stage, for verbose output. */
export function stageTable(events: readonly LabEvent[]): string {
  const seconds = (ms: number | null): string => (ms === null ? '—' : (ms / 1000).toFixed(2)).padStart(8);
  const lines = stageTimes(events).map(
    ({ name, started_ms, ready_ms }) => `${name.padEnd(26)}${seconds(started_ms)}${seconds(ready_ms)}`,
  );
  return [`${'part'.padEnd(26)}${'start s'.padStart(8)}${'ready s'.padStart(8)}`, ...lines].join('\n');
}
