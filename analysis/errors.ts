import { type Gate, type GateContext, inPercent } from '../core/gate.ts';
import { answersJudged } from '../core/judged-phase.ts';
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
  detects: (phase, threshold) => {
    const answers = answersJudged(phase);
    if (answers === null)
      return `${inPercent(threshold)} more of the answers than of the stable's for ${phase.patience_h}h`;
    // Pairs come on top of them, a few an hour.
    if (answers < LEAST_REQUESTS) return `little: fewer than ${LEAST_REQUESTS} answers in ${phase.patience_h}h`;
    const failed = Math.floor(threshold * answers + FAILED_FORGIVEN) + 1;
    return `${failed} failed of ${answers} answers in ${phase.patience_h}h`;
  },
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
