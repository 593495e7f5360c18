import type { Gate } from '../gate.ts';

/** Argo repeats a measurement that erred every 10 s, whatever its interval: 30 in a row are five minutes without Prometheus. */
export const ERRORS_FORGIVEN = 30;

/** Least measurements a phase may take beyond its duration before a person is asked: they cover a restart of Prometheus or the scorer. */
export const LEAST_GRACE = 40;

/**
 * What one measurement says, for every gate alike: exactly one finite value decides; no series, several, NaN and infinities are
 * inconclusive. Both conditions are always written: with one alone Argo would read everything else as its opposite.
 */
export function conditions(gate: Pick<Gate, 'good' | 'harmful'>, threshold: number) {
  const decides = 'len(result) == 1 && !isNaN(result[0]) && !isInf(result[0])';
  const about = (condition: string) => `${decides} && (${condition.replace(/\bx\b/g, 'result[0]')})`;
  return { successCondition: about(gate.good(threshold)), failureCondition: about(gate.harmful(threshold)) };
}
