import type { Effect, PlanChange } from './change.ts';

/** What a stack's configuration changes beside what is released. */
export function targetEffects({ targets: { before, after } }: PlanChange): Effect[] {
  const effects: Effect[] = [];
  if (before.backtested !== after.backtested)
    effects.push(
      after.backtested
        ? {
            rule: 'trusts-backtest',
            severity: 'danger',
            sentence:
              'The guard need not say safe any more before the release goes on: that its backtest said so is taken from git.',
          }
        : {
            rule: 'distrusts-backtest',
            severity: 'warning',
            sentence: 'The guard itself must say safe before the release goes on, as for one without a backtest.',
          },
    );
  if (before.prometheus_url !== after.prometheus_url)
    effects.push({
      rule: 'moves-prometheus',
      severity: 'warning',
      sentence: `Gates ask ${after.prometheus_url} instead of ${before.prometheus_url}, from the next phase of a running release on: what that one has not scraped counts as no data.`,
    });
  return effects;
}
