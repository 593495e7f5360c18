import { expect, test } from 'vitest';
import type { LabEvent } from './process.ts';
import { stageTable, stageTimes } from './runner-timings.ts';

const event = (kind: LabEvent['kind'], name: string, at_ms: number): LabEvent => ({ kind, name, at_ms });

test('a stage is timed to its first readiness, whatever happens to it later', () => {
  const events = [
    event('started', 'etcd', 5),
    event('ready', 'etcd', 80),
    event('started', 'crds', 90),
    event('exited', 'etcd', 100),
    event('restarted', 'etcd', 100),
    event('ready', 'etcd', 200),
  ];
  expect(stageTimes(events)).toEqual([
    { name: 'etcd', started_ms: 5, ready_ms: 80 },
    { name: 'crds', started_ms: 90, ready_ms: null },
  ]);
  expect(stageTable(events).split('\n')[1]).toBe('etcd                          0.01    0.08');
});
