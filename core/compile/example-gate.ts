import type { Gate } from '../gate.ts';

/** A gate for tests: the canary's a, which may exceed the stable's by at most 7. */
export const exampleGate: Gate = {
  ...{ name: 'latency', reason: 'it is slow', unit: 'ms', threshold: 7, kind: 'serving', forgiven: 2 },
  title: () => 'quick',
  query: ({ canary, stable, window }) => `a{${canary}}[${window}] - a{${stable}}[${window}]`,
  harmful: (threshold) => `x > ${threshold}`,
  good: (threshold) => `x <= ${threshold}`,
  detects: () => 'harm',
};
