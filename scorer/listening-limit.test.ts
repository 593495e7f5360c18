import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { listeningLimit } from './listening-limit.ts';

function compute(ms: number): void {
  const until_ms = performance.now() + ms;
  while (performance.now() < until_ms);
}

test('time in which the process could not listen does not count', async () => {
  const { signal } = listeningLimit(300);
  compute(1000);
  await turn();
  await turn();
  expect(signal.aborted).toBe(false);
  await once(signal, 'abort');
  expect(signal.reason).toMatchObject({ message: 'no answer within 300 ms' });
});

test('what is stopped never aborts, and an abort comes after the limit', async () => {
  const stopped = listeningLimit(100);
  stopped.stop();
  const started_ms = performance.now();
  const { signal } = listeningLimit(400);
  await once(signal, 'abort');
  expect(performance.now() - started_ms).toBeGreaterThanOrEqual(395);
  expect(stopped.signal.aborted).toBe(false);
});
