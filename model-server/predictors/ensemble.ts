import { LEADS } from '../../core/record.ts';
import { HISTORY_HOURS } from '../../core/telemetry.ts';
import { type Batch, type ExpertWeight, type Forecast, noForecast, type Predictor } from '../predictor.ts';
import { rowOf } from '../row-of.ts';
import { dayBefore, learnDay } from './ensemble-day.ts';
import { type Expert, type Layout, layoutOf, marginsOf, ownState, roundsOf, untaught } from './ensemble-state.ts';
import { GROUPS, groupName, groupOf } from './lead-groups.ts';
import { forecastsOf, mixture } from './mixture.ts';
import { mlPolyWeights } from './ml-poly.ts';
import { fillInterval } from './scale.ts';
import { initialState, type TrainedStates } from './trained-states.ts';

/**
 * A mixture of experts, weighed anew each day for each station and lead group by what they have lost there (see ml-poly.ts). The loss is the
 * absolute error, of which the gradient at the mixture is taken, so that the mixture is as good as the best fixed mixture, not only as the
 * best expert. Experts that learn are taught by it. `margins`: half the width of its interval by lead, in units of the scale, before anything
 * is learned; `trained`: what each station begins with.
 */
export function ensemble(
  kind: string,
  experts: readonly Expert[],
  margins: Float64Array,
  trained?: TrainedStates,
): Predictor {
  const layout = layoutOf(experts);
  const begin = trained ?? { others: untaught(layout, margins), of: new Map() };
  return {
    kind,
    learning: {
      size: layout.size,
      initial: (station_id) => initialState(begin, station_id),
      learn: (states, day) => learnDay(layout, states, day),
      dayBefore: (state) => dayBefore(layout, state),
      weights: (state) => weightsIn(layout, state),
      drifts: (state) => driftsIn(layout, state),
    },
    forecast: (batch) => mixed(layout, batch),
    dispose() {
      for (const { predictor } of experts) predictor.dispose();
    },
  };
}

/** What stations that training did not see begin with: the experts' own beginnings, and the mixture that the others have on average. */
export function othersState(experts: readonly Expert[], of: ReadonlyMap<string, Float64Array>): Float64Array {
  const layout = layoutOf(experts);
  const others = untaught(layout, new Float64Array(LEADS));
  for (let i = layout.regret; i < layout.size; i++) {
    let sum = 0;
    for (const state of of.values()) sum += state[i] ?? 0;
    others[i] = sum / of.size;
  }
  return others;
}

function groupWeights(layout: Layout, state: Float64Array, group: number): Float64Array {
  const { regret, squares } = roundsOf(layout, state, group);
  return mlPolyWeights(regret, squares);
}

function weightsIn(layout: Layout, state: Float64Array): ExpertWeight[] {
  return Array.from({ length: GROUPS }, (_, group) => {
    const weights = groupWeights(layout, state, group);
    return layout.experts.map(({ name }, k) => ({ expert: name, leads: groupName(group), weight: weights[k] ?? 0 }));
  }).flat();
}

function driftsIn({ experts }: Layout, state: Float64Array): number {
  let sum = 0;
  for (const expert of experts) sum += expert.predictor.learning?.drifts?.(ownState(state, expert)) ?? 0;
  return sum;
}

async function mixed(layout: Layout, batch: Batch): Promise<Forecast> {
  const { states } = batch;
  if (states === undefined) throw new RangeError('an ensemble forecasts from states, and got none');
  const by_expert = await forecastsOf(layout, batch, states);
  const forecast = noForecast(batch.issue_h.length);
  for (let row = 0; row < batch.issue_h.length; row++) {
    const state = rowOf(states, row, layout.size);
    for (let group = 0; group < GROUPS; group++) {
      const weights = groupWeights(layout, state, group);
      for (let k = 0; k < LEADS; k++)
        if (groupOf[k] === group) forecast.values_kw[row * LEADS + k] = mixture(by_expert, weights, row * LEADS + k);
    }
    fillInterval(forecast, row, rowOf(batch.history_kw, row, HISTORY_HOURS), marginsOf(layout, state));
  }
  return forecast;
}
