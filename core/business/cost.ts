import type { IssuePair } from '../judge/pairs.ts';
import type { Tariff } from '../judge/settings.ts';
import { LEADS } from '../record.ts';

/** What forecast errors cost, summed over the station-hours that both versions forecast and whose truth is known. */
export type CostSums = {
  station_hours: number;
  energy_mwh: number;
  /** In the tariff's currency. */
  candidate: number;
  stable: number;
};

export function zeroCost(): CostSums {
  return { station_hours: 0, energy_mwh: 0, candidate: 0, stable: 0 };
}

const KW_HOURS_PER_MWH = 1000;

/**
 * What an hour costs beyond its energy (docs/business-outcomes.md): it is bought a day ahead as forecast; what then is missing is bought, and
 * what is left over is sold, at imbalance prices. Both in kW over one hour; the answer in the tariff's currency.
 */
export function imbalanceCost(bought_kw: number, truth_kw: number, tariff: Tariff): number {
  const short_kw = truth_kw - bought_kw;
  const cost = short_kw >= 0 ? short_kw * tariff.shortfall_per_mwh : -short_kw * tariff.surplus_per_mwh;
  return cost / KW_HOURS_PER_MWH;
}

/** Adds one target hour. `dayAhead` is what was issued LEADS hours before it: the forecast by which energy is bought. */
export function addCost(sums: CostSums, dayAhead: IssuePair, truth_kw: Float64Array, tariff: Tariff): void {
  for (const [s, truth] of truth_kw.entries()) {
    const candidate = dayAhead.candidate[s * LEADS + LEADS - 1] ?? Number.NaN;
    const stable = dayAhead.stable[s * LEADS + LEADS - 1] ?? Number.NaN;
    if (Number.isNaN(candidate + stable + truth)) continue;
    sums.station_hours++;
    sums.energy_mwh += truth / KW_HOURS_PER_MWH;
    sums.candidate += imbalanceCost(candidate, truth, tariff);
    sums.stable += imbalanceCost(stable, truth, tariff);
  }
}

/** What the candidate's forecasts save, in currency and as a share of what the stable's errors cost; null where those cost nothing. */
export function savedCost({ candidate, stable }: CostSums): { amount: number; share: number | null } {
  const amount = stable - candidate;
  return { amount, share: stable > 0 ? amount / stable : null };
}
