import { parseSeconds } from '../core/duration.ts';
import { finite } from '../core/finite-promql.ts';
import type { Gate, GateContext } from '../core/gate.ts';
import { metrics } from '../core/metrics.ts';

/** Loading a model and the first forecasts grow any server; pods younger than this many windows count as not growing. */
const WARM_WINDOWS = 3;

const BYTES_PER_MB = 1_000_000;

/**
 * Growth, not size: a learned model is larger than a seasonal one and may be. The slope of a whole window, is deaf to the saw teeth of garbage
 * collectors; the stable's own growth under the same load is taken off. One leaking pod is enough: it may be the one that is asked most.
 */
export const memory: Gate = {
  name: 'memory',
  reason: 'its memory keeps growing',
  title: (threshold) => `memory of the canary's pods grows at most ${threshold} MB per window more than the stable's`,
  unit: 'MB per window',
  threshold: 50,
  kind: 'serving',
  forgiven: 1,
  query: (context) => `${growth(context, context.canary)} - ${growth(context, context.stable)}`,
  harmful: (threshold) => `x > ${threshold}`,
  good: (threshold) => `x <= ${threshold}`,
  detects: ({ patience_h }, threshold) => `growth by more than ${threshold} MB in ${2 * patience_h}h`,
};

function growth({ window }: GateContext, version: string): string {
  const window_s = parseSeconds(window);
  const bytes = `${metrics.memory_bytes.name}{${version}}`;
  const age = `time() - ${finite(`${metrics.start_s.name}{${version}}`)}`;
  const [warm, young] = [`(${age} > ${WARM_WINDOWS * window_s})`, `(${age} <= ${WARM_WINDOWS * window_s})`];
  const slope = `deriv(${bytes}[${window}]) * ${window_s / BYTES_PER_MB}`;
  return `max((${slope} and on(pod) ${warm}) or on(pod) (${bytes} * 0 and on(pod) ${young}))`;
}
