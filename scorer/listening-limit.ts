/** Short beside any limit, long beside what one turn of the event loop takes to read what has come. */
const TICK_MS = 100;

/**
 * A signal that aborts once this process has listened for `limit_ms` without `stop` being called. While it computes, as it does for seconds
 * over a large fleet, it hears nobody: a plain timer would end every question whose answer has come meanwhile, before it is read. An interval
 * that was missed fires once, so that a pause of any length counts as one tick.
 */
export function listeningLimit(limit_ms: number): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  let ticks = Math.ceil(limit_ms / TICK_MS);
  const timer = setInterval(() => {
    if (--ticks > 0) return;
    clearInterval(timer);
    controller.abort(new Error(`no answer within ${limit_ms} ms`));
  }, TICK_MS);
  return { signal: controller.signal, stop: () => clearInterval(timer) };
}
