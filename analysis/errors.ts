import type { Gate, GateContext } from '../core/gate.ts';
import { metrics } from '../core/metrics.ts';

/** Below so many requests in a window nothing is said about errors. */
const LEAST_REQUESTS = 10;

/** So many failed requests of the canary are left out: among few, one dropped connection is already several per cent. */
const FAILED_FORGIVEN = 2;

/** Failed is whatever did not get an answer below 500, so that requests which never got one count too, under whatever code. */
const failed = 'code!~"[1-4].."';

export const errors: Gate = {
  name: 'errors',
  reason: 'too many of its requests fail',
  title: "share of the canary's failed requests at most one percentage point above the stable's",
  unit: 'share',
  threshold: 0.01,
  kind: 'serving',
  forgiven: 1,
  query: (context) => {
    const canary = `clamp_min(${requests(context, context.canary, failed)} - ${FAILED_FORGIVEN}, 0)`;
    const canary_share = `${canary} / (${requests(context, context.canary)} >= ${LEAST_REQUESTS})`;
    const stable_share = `${requests(context, context.stable, failed)} / (${requests(context, context.stable)} >= ${LEAST_REQUESTS})`;
    return `${canary_share} - ${stable_share}`;
  },
  harmful: (threshold) => `x > ${threshold}`,
  good: (threshold) => `x <= ${threshold}`,
};

/** 0 where nobody counted: a code that never occurred has no series. The share above it still needs requests to exist at all. */
function requests({ window }: GateContext, version: string, code?: string): string {
  const matchers = code === undefined ? version : `${version},${code}`;
  return `(sum(increase(${metrics.requests.name}{${matchers}}[${window}])) or vector(0))`;
}
