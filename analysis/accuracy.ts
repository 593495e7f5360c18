import type { Gate } from '../core/gate.ts';
import { abortTheta, GUARD } from '../core/judge/guard.ts';
import { guardDetects } from '../core/judge/guard-detects.ts';
import { guardPromql } from '../core/judge/guard-promql.ts';
import { matured } from './matured.ts';

/**
 * The anytime-valid guard on live paired losses. It may be looked at every second: false aborts stay within 1 % over all looks together.
 * A proven loss aborts at once, whatever the phase; goodness waits for the phase's hours. Where the plan accepts a small loss, only what goes
 * beyond 5 % counts.
 */
export const accuracy: Gate = {
  name: 'accuracy',
  reason: "the candidate's forecasts are proven worse than the stable's on the same station-hours",
  title: () =>
    "lower bound of the candidate's extra error (beyond 5 % where the plan accepts a loss), in units of the station's mean error, at most 0.01",
  unit: 'of mean error',
  threshold: GUARD.delta,
  fixed: true,
  kind: 'evidence',
  forgiven: 0,
  query: (context) => {
    const theta = abortTheta(context.accepted_loss);
    const bound = guardPromql({ matchers: context.canary, theta, bound: 'lower' });
    return matured(context, 'max', bound, `> ${context.threshold}`);
  },
  harmful: (threshold) => `x > ${threshold}`,
  good: (threshold) => `x <= ${threshold}`,
  detects: guardDetects,
};
