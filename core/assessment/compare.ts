import type { DayFact } from './day-fact.ts';
import { type Day, servedAlone, type Window } from './days.ts';
import { type DayMean, dayMean, difference, type Interval, intervalOf, relative } from './estimate.ts';

/** ln of what one release had on a day over what another had on the same station-hours; null where that cannot be said. */
export type LogRatio = (of: readonly DayFact[], against: readonly DayFact[]) => number | null;

/** Paired days of the after window from which the pairs, and not the yardstick, carry the conclusion. */
export const LEAST_PAIRED_DAYS = 28;

export type Comparison = {
  /** Relative change on a typical day (geometric mean), -0.15: 15 % less. */
  change: Interval;
  method: 'paired' | 'difference in differences';
  /** Days that entered, of each window. */
  days: { before: number; after: number };
  /** Both ways of comparing, where there is data for them. */
  paired: Interval | null;
  against_control: Interval | null;
};

export type DailyRatio = { day: string; window: 'before' | 'after'; ratio: number };

/**
 * Compares two windows. Paired: the earlier release forecast beside the later one, on the same days, so that no season lies between them.
 * Difference in differences: each release against the control on its own days; what moved the control moves out of the comparison.
 */
export function compare(before: Window, after: Window, ratio: LogRatio): Comparison | null {
  const paired = dayMean(values(after.days, (day) => pairedRatio(day, before.releases, ratio)));
  const sides = [before, after].map(({ days }) => dayMean(values(days, (day) => controlRatio(day, ratio))));
  const [b = null, a = null] = sides;
  const against_control = b !== null && a !== null ? relative(difference(a, b)) : null;
  const by_pairs = paired === null ? null : relative(intervalOf(paired));
  if (paired !== null && by_pairs !== null && (paired.days >= LEAST_PAIRED_DAYS || against_control === null))
    return {
      change: by_pairs,
      method: 'paired',
      days: { before: 0, after: paired.days },
      paired: by_pairs,
      against_control,
    };
  if (against_control === null) return null;
  return {
    change: against_control,
    method: 'difference in differences',
    days: { before: daysOf(b), after: daysOf(a) },
    paired: by_pairs,
    against_control,
  };
}

/** What the plots show: each day's serving release over the control. */
export function dailyRatios(before: Window, after: Window, ratio: LogRatio): DailyRatio[] {
  const of = (window: 'before' | 'after', days: readonly Day[]) =>
    days.flatMap((day) => {
      const log = controlRatio(day, ratio);
      return log === null ? [] : [{ day: day.day, window, ratio: Math.exp(log) }];
    });
  return [...of('before', before.days), ...of('after', after.days)];
}

/** What served alone that day, over the control. */
export function controlRatio(day: Day, ratio: LogRatio): number | null {
  const serving = servedAlone(day);
  return serving.length === 0 || day.control === null ? null : ratio(serving, [day.control]);
}

/** The earlier release beside the one that served. */
export function pairedRatio(day: Day, earlier: readonly string[], ratio: LogRatio): number | null {
  const serving = servedAlone(day).filter(({ release }) => !earlier.includes(release));
  const beside = day.beside.filter(({ release }) => earlier.includes(release));
  if (serving.length === 0 || new Set(beside.map(({ release }) => release)).size !== 1) return null;
  return ratio(serving, beside);
}

function values(days: readonly Day[], of: (day: Day) => number | null): number[] {
  return days.map(of).filter((value) => value !== null);
}

function daysOf(mean: DayMean | null): number {
  return mean?.days ?? 0;
}
