import type { GroupLook } from '../judge/groups/compare.ts';
import { MIN_GROUP_STATIONS } from '../judge/groups/compare.ts';
import type { Tariff } from '../judge/settings.ts';
import { type CostSums, savedCost } from './cost.ts';
import { type EventCounts, engagement, meanScore, type StationEvents } from './events.ts';

/** What errors cost, in a sentence. The difference is what these hours cost, not what is proven for others. */
export function costSentence(sums: CostSums, { currency }: Tariff): string {
  if (sums.station_hours === 0) return 'No station-hour has a price yet.';
  const { amount, share } = savedCost(sums);
  const of = share === null ? '' : ` (${(100 * Math.abs(share)).toFixed(1)} % of it)`;
  const saved = `${money(Math.abs(amount), currency)} ${amount >= 0 ? 'less' : 'more'}${of}`;
  return `Over the same ${sums.station_hours} station-hours the stable's errors cost ${money(sums.stable, currency)} and the candidate's ${saved}.`;
}

const measures = {
  engagement: {
    none: 'No recommendation was shown to anyone yet',
    counted: (counts: EventCounts) => counts.shown,
    value: (counts: EventCounts) => (counts.shown === 0 ? '–' : `${(100 * engagement(counts)).toFixed(1)} %`),
    text: 'recommendations followed',
  },
  feedback: {
    none: 'Nobody has given a score yet',
    counted: (counts: EventCounts) => counts.scores,
    value: (counts: EventCounts) => (counts.scores === 0 ? '–' : `${meanScore(counts).toFixed(2)} of 5`),
    text: 'mean score',
  },
} as const;

/** Before and since, in both groups, and whether the difference is more than chance. */
export function groupSentence(
  measure: keyof typeof measures,
  { before, control, canary }: StationEvents,
  look: GroupLook | null,
): string {
  const { none, counted, value, text } = measures[measure];
  if (counted(before) + counted(control) + counted(canary) === 0) return `${none}.`;
  const values = `${value(before)} before the release, ${value(control)} with the stable and ${value(canary)} with the candidate since`;
  return `${text[0]?.toUpperCase()}${text.slice(1)}: ${values}; ${judgement(look)}.`;
}

function judgement(look: GroupLook | null): string {
  if (look === null)
    return `fewer than ${MIN_GROUP_STATIONS} stations of a group have both a past and a present, or they changed all alike or too unlike each other, so nothing is concluded`;
  const change = `measured against each station's own past the candidate's stations changed by ${points(look.difference)} more than the others (± ${points(look.margin)})`;
  if (look.lower > 0) return `${change}, which is a proven gain`;
  return look.upper < 0 ? `${change}, which is a proven loss` : `${change}, which may be chance`;
}

function points(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function money(amount: number, currency: string): string {
  return `${amount.toFixed(2)} ${currency}`;
}
