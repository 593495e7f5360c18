import { type Gate, type GateContext, inPercent } from '../core/gate.ts';
import { FAILED_REQUEST, metrics } from '../core/metrics.ts';
import { lasting } from './lasting.ts';

/** Below so many requests in half a window nothing is said about errors. */
const LEAST_REQUESTS = 10;

/** So many failed requests of the canary are left out: among few, one dropped connection is already several per cent. */
const FAILED_FORGIVEN = 2;

export const errors: Gate = {
  name: 'errors',
  reason: 'too many of its requests fail',
  title: (threshold) => `at most ${inPercent(threshold)} more of the canary's requests fail than of the stable's`,
  unit: 'share',
  threshold: 0.01,
  kind: 'serving',
  forgiven: 1,
  query: (context) => lasting(context, (range) => difference(context, range)),
  harmful: (threshold) => `x > ${threshold}`,
  good: (threshold) => `x <= ${threshold}`,
};

function difference({ canary, stable }: GateContext, range: string): string {
  const forgiven = `clamp_min(${requests(`${canary},${FAILED_REQUEST}`, range)} - ${FAILED_FORGIVEN}, 0)`;
  const own = `${forgiven} / (${requests(canary, range)} >= ${LEAST_REQUESTS})`;
  const usual = `${requests(`${stable},${FAILED_REQUEST}`, range)} / (${requests(stable, range)} >= ${LEAST_REQUESTS})`;
  // At 100 % nobody asks the stable but for pairs, a few an hour: then the canary is held against a version that never fails.
  return `${own} - ((${usual}) or vector(0))`;
}

/** 0 where nobody counted: a code that never occurred has no series. The share above it still needs requests to exist at all. */
function requests(matchers: string, range: string): string {
  return `(sum(increase(${metrics.requests.name}{${matchers}}${range})) or vector(0))`;
}
