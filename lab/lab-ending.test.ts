import { expect, test, vi } from 'vitest';
import { Ending } from './lab-ending.ts';

const listeners = () => ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => process.listenerCount(signal));

test('with a signal of its caller it leaves the process signals alone, and ends once when that is aborted', async () => {
  const before = listeners();
  const end = vi.fn(async () => undefined);
  const stop = new AbortController();
  const ending = new Ending(end, stop.signal);
  expect(listeners()).toEqual(before);
  expect(end).not.toHaveBeenCalled();
  stop.abort();
  await ending.stop();
  expect(end).toHaveBeenCalledTimes(1);
});

test('when it was aborted before, it ends at once; when dismissed, an abort is not its business', () => {
  const early = vi.fn(async () => undefined);
  new Ending(early, AbortSignal.abort());
  expect(early).toHaveBeenCalledTimes(1);
  const late = vi.fn(async () => undefined);
  const stop = new AbortController();
  new Ending(late, stop.signal).dismiss();
  stop.abort();
  expect(late).not.toHaveBeenCalled();
});

test('without one it listens to the process signals until it is over', async () => {
  const before = listeners();
  const ending = new Ending(async () => undefined);
  expect(listeners()).toEqual(before.map((count) => count + 1));
  await ending.stop();
  expect(listeners()).toEqual(before);
});
