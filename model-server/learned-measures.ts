import { setImmediate as turn } from 'node:timers/promises';
import type { Measures } from './measures.ts';
import type { Learning } from './predictor.ts';
import { rowOf } from './row-of.ts';
import type { LearnedTable } from './state-file.ts';

/** Stations that are looked at before requests have their turn. */
const STATIONS_A_TURN = 1_000;

/** Exports what an arm has learned by a day boundary: its experts' weights, as means over stations, and how often stations have changed. */
export async function measureLearned(
  measures: Pick<Measures, 'ensemble_weight' | 'drift_resets'>,
  arm: string,
  { weights, drifts, size }: Learning,
  { station_ids, states }: LearnedTable,
): Promise<void> {
  const sums = new Map<string, { expert: string; lead_group: string; sum: number }>();
  let resets = 0;
  for (const row of station_ids.keys()) {
    if (row % STATIONS_A_TURN === STATIONS_A_TURN - 1) await turn();
    const state = rowOf(states, row, size);
    resets += drifts?.(state) ?? 0;
    for (const { expert, leads, weight } of weights?.(state) ?? []) {
      const known = sums.get(`${expert} ${leads}`) ?? { expert, lead_group: leads, sum: 0 };
      sums.set(`${expert} ${leads}`, { ...known, sum: known.sum + weight });
    }
  }
  for (const { expert, lead_group, sum } of sums.values())
    measures.ensemble_weight.set({ arm, expert, lead_group }, sum / station_ids.length);
  if (drifts !== undefined) measures.drift_resets.set({ arm }, resets);
}
