import type { PairedLosses } from '../../core/judge/losses.ts';
import { isoOfHour } from '../../core/telemetry.ts';
import type { DailyLossRatio } from '../../lab/report/plot-specs.ts';

/** Means of L/m_s, one per judged day; `dates` are these UTC days, since days between them may have been left out. */
export type JudgedDays = { dates: string[]; candidate: number[]; stable: number[] };

export function judgedDays({ days, hours }: Pick<PairedLosses, 'days' | 'hours'>): JudgedDays {
  // The hour that ends at 01:00 is the first of its day.
  const dates = Array.from(days.candidate, (_, i) =>
    isoOfHour((hours.target_h[24 * i] ?? Number.NaN) - 1).slice(0, 10),
  );
  return { dates, candidate: [...days.candidate], stable: [...days.stable] };
}

export function dailyLossRatio({ dates, candidate, stable }: JudgedDays): DailyLossRatio[] {
  return dates.map((day, i) => ({ day, ratio: (candidate[i] ?? Number.NaN) / (stable[i] ?? Number.NaN) }));
}
