import { type Gate, inPercent } from '../core/gate.ts';
import { GUARD } from '../core/judge/guard.ts';
import { guardPromql } from '../core/judge/guard-promql.ts';
import { LOSS_LIMIT } from '../core/judge/loss-power.ts';
import { matured } from './matured.ts';

/**
 * The guard must itself rule out a loss of 5 %: only for releases without a usable backtest, where nothing else has. Not (yet) safe is no
 * harm: harm is `accuracy`'s to say, and the phase ends inconclusive.
 */
export const accuracySafe: Gate = {
  name: 'accuracy-safe',
  reason: 'the live evidence does not rule out a loss of 5 %',
  title: () => "upper bound of the extra error beyond a 5 % loss, in units of the station's mean error, below -0.01",
  unit: 'of mean error',
  threshold: -GUARD.delta,
  fixed: true,
  kind: 'evidence',
  forgiven: 0,
  query: (context) => {
    const bound = guardPromql({ matchers: context.canary, theta: 'safe', bound: 'upper' });
    const min_hours = Math.max(context.min_hours, GUARD.min_hours_good);
    return matured({ ...context, min_hours }, 'max', bound, null);
  },
  harmful: () => 'false',
  good: (threshold) => `x < ${threshold}`,
  detects: () => `nothing harmful; waits until a loss of ${inPercent(LOSS_LIMIT)} is ruled out`,
};
