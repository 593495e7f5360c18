import { finite } from '../core/finite-promql.ts';
import type { Gate, GateContext } from '../core/gate.ts';
import { answersJudged, tooFew } from '../core/judged-phase.ts';
import { metrics } from '../core/metrics.ts';
import { lasting } from './lasting.ts';

/** Below so many requests in half a window nothing is said about latency. */
const LEAST_REQUESTS = 10;

/** So many of the canary's slowest requests are left out of few: of 30 requests the p99 is one request, and one pause of the machine. */
const SLOWEST_FORGIVEN = 5;

/** The quantile that is compared; of few requests a lower one, so that those few slowest ones are left out. */
const LEAST_RANK = 0.5;
const MOST_RANK = 0.99;

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
  title: (threshold) => `p99 latency of the canary at most ${threshold} ms above the stable's`,
  unit: 'ms',
  threshold: 100,
  kind: 'serving',
  forgiven: 2,
  query: (context) => lasting(context, (range) => difference(context, range)),
  harmful: (threshold) => `x > ${threshold}`,
  good: (threshold) => `x <= ${threshold}`,
  detects: (phase, threshold) => {
    const answers = answersJudged(phase);
    const what = `more than ${threshold} ms above the stable's for ${phase.patience_h}h`;
    if (answers === null) return `p99 ${what}`;
    if (answers < LEAST_REQUESTS) return tooFew(phase, LEAST_REQUESTS);
    const rank = Math.min(Math.max(1 - SLOWEST_FORGIVEN / answers, LEAST_RANK), MOST_RANK);
    return `p${Math.floor(100 * rank)} ${what}`;
  },
};

function difference({ canary, stable }: GateContext, range: string): string {
  const requests = counted(`${canary},${routed}`, range);
  const rank = `scalar(clamp(1 - ${SLOWEST_FORGIVEN} / ${requests}, ${LEAST_RANK}, ${MOST_RANK}))`;
  const own = `(${quantile(rank, `${canary},${routed}`, range)} and on() (${requests} >= ${LEAST_REQUESTS}))`;
  const enough = `${counted(`${stable},${routed}`, range)} >= ${LEAST_REQUESTS}`;
  const usual = `(${quantile(rank, `${stable},${routed}`, range)} and on() (${enough}))`;
  return `${own} - (${usual} or ${quantile(rank, stable, range)})`;
}

function counted(matchers: string, range: string): string {
  return `sum(increase(${count.name}{${matchers}}${range}))`;
}

function quantile(rank: string, matchers: string, range: string): string {
  // Of buckets that are no numbers it would make the largest bound there is.
  return `histogram_quantile(${rank}, ${finite(`sum by (le) (rate(${buckets.name}{${matchers}}${range}))`)})`;
}
