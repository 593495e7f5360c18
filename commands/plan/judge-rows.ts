import { formatHours } from '../../core/duration.ts';
import type { JudgeSettings } from '../../core/judge/settings.ts';
import { leastShadowHours } from '../../core/plan-order.ts';

/** What a plan's `judge:` says, its defaults filled in: name, value and what it means, a row each. */
export function judgeRows(judge: JudgeSettings): string[][] {
  const { truth_delay_hours, accepted_loss, database, tariff, drift } = judge;
  const prices = `${tariff.shortfall_per_mwh} and ${tariff.surplus_per_mwh} ${tariff.currency}`;
  return [
    [
      'truth_delay',
      formatHours(truth_delay_hours),
      'an hour closes so long after its end; later readings count in the assessment only',
    ],
    ['accepted_loss', accepted_loss ?? 'none', 'why a small loss that is proven is taken all the same'],
    ['database', database, 'where the scorer keeps what it knows'],
    ['tariff', prices, 'what a MWh costs that was bought too late, and one that was bought in vain'],
    ...Object.entries(drift).map(([name, settings]) => [`drift.${name}`, listed(settings), meanings[name] ?? '']),
    ['no backtest', formatHours(leastShadowHours(judge, false)), 'the shortest shadow of a release without one'],
  ];
}

const meanings: Record<string, string> = {
  page_hinkley: 'hourly losses lie above their mean',
  adwin: 'daily mean losses differ before and after some day',
  cusum: 'daily mean losses add up away from their usual',
  psi: "a station's readings are distributed otherwise this week than in the two before",
  ks: 'the same, by the probability that it is chance',
  inputs: 'so large a share of the stations is a drift of the inputs',
} satisfies Record<keyof JudgeSettings['drift'], string>;

function listed(settings: Record<string, number>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
