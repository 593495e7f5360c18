import type { Batch } from '../predictor.ts';
import { type Layout, ownStates } from './ensemble-state.ts';

/** Each expert's values for a batch; those that learn get their part of each row's state. */
export async function forecastsOf(layout: Layout, batch: Batch, states: Float64Array): Promise<Float64Array[]> {
  const { station_ids, issue_h, history_kw } = batch;
  const found: Float64Array[] = [];
  for (const expert of layout.experts) {
    const { predictor } = expert;
    const own = predictor.learning === undefined ? {} : { states: ownStates(states, layout, expert) };
    found.push((await predictor.forecast({ station_ids, issue_h, history_kw, ...own, values_only: true })).values_kw);
  }
  return found;
}

/** The weighted mean of what the experts say at a place; of those that say nothing the weight goes to the others. */
export function mixture(by_expert: readonly Float64Array[], weights: Float64Array, at: number): number {
  let [sum, weight, said, plain] = [0, 0, 0, 0];
  for (const [k, values_kw] of by_expert.entries()) {
    const value = values_kw[at] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    sum += (weights[k] ?? 0) * value;
    weight += weights[k] ?? 0;
    plain += value;
    said++;
  }
  if (weight > 0) return sum / weight;
  return said > 0 ? plain / said : Number.NaN;
}
