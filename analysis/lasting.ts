import { formatSeconds, parseSeconds } from '../core/duration.ts';
import type { GateContext } from '../core/gate.ts';

/**
 * A value over the last half of the window or over the half before it, whichever is smaller: harm counts once it has lasted for more than
 * half a window. One hiccup (a garbage collection, a pod that moves) stays in a window for as long as the window is, and would be
 * measured as harm again and again. What is good needs no such patience.
 */
export function lasting({ window, threshold }: GateContext, value: (range: string) => string): string {
  const half = formatSeconds(parseSeconds(window) / 2);
  const now = `(${value(`[${half}]`)})`;
  const before = `(${value(`[${half}] offset ${half}`)})`;
  return `((${now} <= ${before}) or (${before} and ${now})) or (${now} <= ${threshold})`;
}
