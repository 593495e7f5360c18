import type { Gate, GateContext } from '../core/gate.ts';
import { metrics } from '../core/metrics.ts';
import { latest, worst } from './matured.ts';

/**
 * What was decided before any traffic holds in the cluster too: a release proven worse goes, one that nothing proves safe, or whose backtest
 * cannot be found, waits for a person. Too few days for a backtest pass here only where the guard itself is asked to say safe.
 */
export const backtest: Gate = {
  name: 'backtest',
  reason: 'its backtest proves it worse than the stable version',
  title: () => 'the backtest says safe or win',
  unit: 'verdict',
  threshold: 0,
  fixed: true,
  kind: 'evidence',
  forgiven: 0,
  query: (context) => {
    const safe = context.backtested ? ['safe', 'win'] : ['safe', 'win', 'none'];
    const verdicts = `${oneOf(context, safe)} - ${oneOf(context, ['abort'])}`;
    // An arm whose backtest is not there (yet) is neither good nor harmful.
    return worst(context, 'min', `(${verdicts}) or (0 * ${latest(context, metrics.release_hours)})`);
  },
  harmful: (threshold) => `x < ${threshold}`,
  good: (threshold) => `x > ${threshold}`,
  detects: () => 'a loss that its recorded days prove (at least 90 of them)',
};

/** 1 where one of these verdicts is the arm's backtest's; empty while the scorer has no backtest of it. */
function oneOf(context: GateContext, verdicts: readonly string[]): string {
  return `sum without (verdict) (${latest(context, metrics.backtest_verdict, `verdict=~"${verdicts.join('|')}"`)})`;
}
