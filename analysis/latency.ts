import type { Gate, GateContext } from '../core/gate.ts';
import { metrics } from '../core/metrics.ts';

/** Below so many requests in a window nothing is said about latency. */
const LEAST_REQUESTS = 20;

/** So many of the canary's slowest requests are left out of few: of 60 requests the p99 is one request, and one pause of the machine. */
const SLOWEST_FORGIVEN = 10;

const buckets = { name: `${metrics.request_ms.name}_bucket` };
const count = { name: `${metrics.request_ms.name}_count` };
const routed = 'purpose!="pair"';

/**
 * Compares routed requests, whose stations differ but whose size does not. At 100 % the stable answers none; then its paired requests
 * stand in, which ask for every station at once: slower than any routed one, so the gate is lenient there, after four stricter phases.
 */
export const latency: Gate = {
  name: 'latency',
  reason: 'it answers too slowly',
  title: "p99 latency of the canary at most 100 ms above the stable's",
  unit: 'ms',
  threshold: 100,
  kind: 'serving',
  forgiven: 2,
  query: (context) => {
    const requests = `sum(increase(${count.name}{${context.canary},${routed}}[${context.window}]))`;
    const rank = `scalar(clamp(1 - ${SLOWEST_FORGIVEN} / ${requests}, 0.5, 0.99))`;
    const canary = quantile(context, rank, `${context.canary},${routed}`);
    const stable = `(${measured(context, `${context.stable},${routed}`)} or ${quantile(context, '0.99', context.stable)})`;
    return `(${canary} and on() (${requests} >= ${LEAST_REQUESTS})) - ${stable}`;
  },
  harmful: (threshold) => `x > ${threshold}`,
  good: (threshold) => `x <= ${threshold}`,
};

function quantile({ window }: GateContext, rank: string, matchers: string): string {
  return `histogram_quantile(${rank}, sum by (le) (rate(${buckets.name}{${matchers}}[${window}])))`;
}

/** The p99 where there are enough requests for one. */
function measured(context: GateContext, matchers: string): string {
  const requests = `sum(increase(${count.name}{${matchers}}[${context.window}]))`;
  return `(${quantile(context, '0.99', matchers)} and on() (${requests} >= ${LEAST_REQUESTS}))`;
}
