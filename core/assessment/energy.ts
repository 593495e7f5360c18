import type { Tariff } from '../judge/settings.ts';
import { type Comparison, compare, type LogRatio } from './compare.ts';
import type { DayFact } from './day-fact.ts';
import { servedAlone, type Window } from './days.ts';
import type { Amount } from './words.ts';

export type EnergyReport = {
  /** What forecast errors cost on the days that entered, in the tariff's currency; null without facts. */
  cost: { before: number | null; after: number | null };
  /** Relative change per station-hour. */
  change: Comparison | null;
  /** Saved over the after window's days: cost without the change, less the cost. The bounds follow those of the change. */
  saved: Amount | null;
  days: number;
};

/** What was bought wrongly, priced. */
export function costOf(facts: readonly DayFact[], tariff: Tariff): { cost: number; station_hours: number } {
  let [cost, station_hours] = [0, 0];
  for (const { energy } of facts) {
    if (energy === null) continue;
    station_hours += energy.station_hours;
    cost += (energy.shortfall_kwh * tariff.shortfall_per_mwh + energy.surplus_kwh * tariff.surplus_per_mwh) / 1000;
  }
  return { cost, station_hours };
}

export function energyReport(before: Window, after: Window, tariff: Tariff): EnergyReport {
  const change = compare(before, after, costRatio(tariff));
  const [b, a] = [before, after].map((window) => windowCost(window, tariff));
  const cost = { before: b?.cost ?? null, after: a?.cost ?? null };
  const saved = change === null || cost.after === null ? null : savedBy(change, cost.after);
  return { cost, change, saved, days: a?.days ?? 0 };
}

function costRatio(tariff: Tariff): LogRatio {
  return (of, against) => {
    const [a, b] = [costOf(of, tariff), costOf(against, tariff)];
    if (!(a.cost > 0 && b.cost > 0)) return null;
    return Math.log(a.cost / a.station_hours / (b.cost / b.station_hours));
  };
}

function windowCost({ days }: Window, tariff: Tariff): { cost: number; days: number } | null {
  const recorded = days.map((day) => servedAlone(day).filter(({ energy }) => energy !== null));
  const used = recorded.filter(({ length }) => length > 0);
  return used.length === 0 ? null : { cost: costOf(used.flat(), tariff).cost, days: used.length };
}

/** cost / (1 + change) is what the same days would have cost without it. */
function savedBy({ change }: Comparison, cost: number) {
  const of = (share: number) => cost / (1 + share) - cost;
  return {
    value: of(change.value),
    low: change.high === null ? null : of(change.high),
    high: change.low === null ? null : of(change.low),
  };
}
