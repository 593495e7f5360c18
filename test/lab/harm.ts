import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gate } from '../../core/gate.ts';

/** Asks a Prometheus of the test's own, so that the test says when the candidate does harm. */
export const harmGate: Gate = {
  ...{ name: 'harm', reason: 'it harms', unit: '1', threshold: 0, kind: 'serving', forgiven: 0 },
  title: () => 'no harm',
  query: ({ canary }) => `harm{${canary}}`,
  harmful: (threshold) => `x > ${threshold}`,
  good: (threshold) => `x <= ${threshold}`,
  detects: () => 'harm',
};

/** `now`: what it answers from now on, whatever it is asked. */
export type Harm = { now: number; url: string; close: () => void };

export async function startHarm(): Promise<Harm> {
  const server = createServer((_request, response) => {
    const result = [{ metric: {}, value: [Date.now() / 1000, String(harm.now)] }];
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const harm: Harm = {
    now: 0,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
  return harm;
}
