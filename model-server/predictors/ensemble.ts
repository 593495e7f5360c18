import { LEADS } from '../../core/record.ts';
import { HISTORY_HOURS } from '../../core/telemetry.ts';
import {
  type Batch,
  DAY_TRUTH_HOURS,
  type ExpertWeight,
  type LearningDay,
  noForecast,
  type Predictor,
} from '../predictor.ts';
import { GROUPS, groupName, groupOf } from './lead-groups.ts';
import { followMargin } from './margins.ts';
import { addRound, mlPolyWeights } from './ml-poly.ts';
import { fillInterval, rowOf, scaleOf } from './scale.ts';
import { initialState, type TrainedStates } from './trained-states.ts';

/** What a day's regret counts of the day after it. */
const DAILY_SHARE = 0.99;

export type Expert = { name: string; predictor: Predictor };

/** Where the parts of a station's state begin: the experts' own states, one after another, then what the mixture has learned. */
type Layout = { experts: readonly number[]; regret: number; squares: number; margins: number; size: number };

function layoutOf(experts: readonly Expert[]): Layout {
  let at = 0;
  const of_experts = experts.map(({ predictor }) => {
    const from = at;
    at += predictor.learning?.size ?? 0;
    return from;
  });
  const pairs = GROUPS * experts.length;
  return {
    experts: of_experts,
    regret: at,
    squares: at + pairs,
    margins: at + 2 * pairs,
    size: at + 2 * pairs + LEADS,
  };
}

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
  const begin = trained ?? { others: untaught(experts, layout, margins), of: new Map() };
  return {
    kind,
    learning: {
      size: layout.size,
      initial: (station_id) => initialState(begin, station_id),
      learn: (states, day) => learn(experts, layout, states, day),
      dayBefore: (state) => dayBefore(experts, layout, state),
      weights: (state) => weightsIn(experts, layout, state),
      drifts: (state) =>
        experts.reduce((sum, { predictor }, k) => {
          const from = layout.experts[k] ?? 0;
          return sum + (predictor.learning?.drifts?.(state.subarray(from, from + predictor.learning.size)) ?? 0);
        }, 0),
    },
    forecast: (batch) => mixed(experts, layout, batch),
    dispose() {
      for (const { predictor } of experts) predictor.dispose();
    },
  };
}

function untaught(experts: readonly Expert[], layout: Layout, margins: Float64Array): Float64Array {
  const state = new Float64Array(layout.size);
  for (const [k, { predictor }] of experts.entries())
    if (predictor.learning) state.set(predictor.learning.initial(''), layout.experts[k]);
  state.set(margins, layout.margins);
  return state;
}

/** What stations that training did not see begin with: the experts' own beginnings, and the mixture that the others have on average. */
export function othersState(experts: readonly Expert[], of: ReadonlyMap<string, Float64Array>): Float64Array {
  const layout = layoutOf(experts);
  const others = untaught(experts, layout, new Float64Array(LEADS));
  for (let i = layout.regret; i < layout.size; i++) {
    let sum = 0;
    for (const state of of.values()) sum += state[i] ?? 0;
    others[i] = sum / of.size;
  }
  return others;
}

function groupWeights({ regret, squares }: Layout, experts: number, state: Float64Array, group: number): Float64Array {
  const from = group * experts;
  return mlPolyWeights(
    state.subarray(regret + from, regret + from + experts),
    state.subarray(squares + from, squares + from + experts),
  );
}

function weightsIn(experts: readonly Expert[], layout: Layout, state: Float64Array): ExpertWeight[] {
  return Array.from({ length: GROUPS }, (_, group) => {
    const weights = groupWeights(layout, experts.length, state, group);
    return experts.map(({ name }, k) => ({ expert: name, leads: groupName(group), weight: weights[k] ?? 0 }));
  }).flat();
}

async function mixed(experts: readonly Expert[], layout: Layout, batch: Batch) {
  const { states } = batch;
  if (states === undefined) throw new RangeError('an ensemble forecasts from states, and got none');
  const by_expert = await forecastsOf(experts, layout, batch, states);
  const forecast = noForecast(batch.issue_h.length);
  for (let row = 0; row < batch.issue_h.length; row++) {
    const state = rowOf(states, row, layout.size);
    for (let group = 0; group < GROUPS; group++) {
      const weights = groupWeights(layout, experts.length, state, group);
      for (let k = 0; k < LEADS; k++)
        if (groupOf[k] === group) forecast.values_kw[row * LEADS + k] = mixture(by_expert, weights, row * LEADS + k);
    }
    fillInterval(forecast, row, rowOf(batch.history_kw, row, HISTORY_HOURS), state.subarray(layout.margins));
  }
  return forecast;
}

/** Each expert's values for a batch; those that learn get their part of each row's state. */
async function forecastsOf(
  experts: readonly Expert[],
  layout: Layout,
  batch: Batch,
  states: Float64Array,
): Promise<Float64Array[]> {
  const found: Float64Array[] = [];
  for (const [k, { predictor }] of experts.entries()) {
    const { station_ids, issue_h, history_kw } = batch;
    const size = predictor.learning?.size;
    const own = size === undefined ? {} : { states: partOf(states, layout, layout.experts[k] ?? 0, size) };
    found.push((await predictor.forecast({ station_ids, issue_h, history_kw, ...own })).values_kw);
  }
  return found;
}

function partOf(states: Float64Array, layout: Layout, from: number, size: number): Float64Array {
  const rows = states.length / layout.size;
  const part = new Float64Array(rows * size);
  for (let row = 0; row < rows; row++)
    part.set(states.subarray(row * layout.size + from, row * layout.size + from + size), row * size);
  return part;
}

/** The weighted mean of what the experts say; of those that say nothing the weight goes to the others. */
function mixture(by_expert: readonly Float64Array[], weights: Float64Array, at: number): number {
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

async function learn(
  experts: readonly Expert[],
  layout: Layout,
  states: Float64Array,
  day: LearningDay,
): Promise<void> {
  const by_expert = await forecastsOf(experts, layout, batchOf(day), statesOf(experts, layout, states, day));
  for (const row of day.station_ids.keys()) learnStation(layout, rowOf(states, row, layout.size), by_expert, day, row);
  for (const [k, { predictor }] of experts.entries()) {
    if (predictor.learning === undefined) continue;
    const from = layout.experts[k] ?? 0;
    const { size } = predictor.learning;
    const own = partOf(states, layout, from, size);
    await predictor.learning.learn(own, day);
    for (const row of day.station_ids.keys()) states.set(rowOf(own, row, size), row * layout.size + from);
  }
}

/** The day's issue hours, station by station, as one batch. */
function batchOf({ station_ids, boundary_h, history_kw }: LearningDay): Batch {
  const rows = station_ids.length * 24;
  return {
    station_ids: Array.from({ length: rows }, (_, row) => station_ids[Math.floor(row / 24)] ?? ''),
    issue_h: Int32Array.from({ length: rows }, (_, row) => boundary_h - 47 + (row % 24)),
    history_kw,
  };
}

/** The state that each of the day's issue hours had: all but a station's last that of the boundary before. */
function statesOf(
  experts: readonly Expert[],
  layout: Layout,
  states: Float64Array,
  { station_ids }: LearningDay,
): Float64Array {
  const of_rows = new Float64Array(station_ids.length * 24 * layout.size);
  for (const station of station_ids.keys()) {
    const now = rowOf(states, station, layout.size);
    const before = dayBefore(experts, layout, now);
    for (let i = 0; i < 24; i++) of_rows.set(i < 23 ? before : now, (station * 24 + i) * layout.size);
  }
  return of_rows;
}

/** Only the experts' own forecasts are made again; the mixture's weights stay those of now. */
function dayBefore(experts: readonly Expert[], layout: Layout, state: Float64Array): Float64Array {
  const before = state.slice();
  for (const [k, { predictor }] of experts.entries()) {
    const { learning } = predictor;
    if (learning === undefined) continue;
    const from = layout.experts[k] ?? 0;
    const own = learning.dayBefore?.(state.subarray(from, from + learning.size));
    if (own === undefined)
      throw new RangeError(`${predictor.kind} learns, but cannot say what it forecast a day before`);
    before.set(own, from);
  }
  return before;
}

/** One station's round: how each expert did against the mixture, and how often its interval missed. */
function learnStation(
  layout: Layout,
  state: Float64Array,
  by_expert: readonly Float64Array[],
  day: LearningDay,
  station: number,
): void {
  const experts = by_expert.length;
  const scales = Float64Array.from({ length: 24 }, (_, i) =>
    scaleOf(rowOf(day.history_kw, station * 24 + i, HISTORY_HOURS)),
  );
  for (let group = 0; group < GROUPS; group++) {
    const weights = groupWeights(layout, experts, state, group);
    const gained = new Float64Array(experts);
    let known = 0;
    for (let k = 0; k < LEADS; k++) {
      if (groupOf[k] !== group) continue;
      let [missed, of_lead] = [0, 0];
      for (let i = 0; i < 24; i++) {
        const at = (station * 24 + i) * LEADS + k;
        const actual_kw = day.truth_kw[station * DAY_TRUTH_HOURS + i + k] ?? Number.NaN;
        const mixed_kw = mixture(by_expert, weights, at);
        if (Number.isNaN(actual_kw) || Number.isNaN(mixed_kw)) continue;
        const scale_kw = scales[i] ?? 1;
        const error = (mixed_kw - actual_kw) / scale_kw;
        of_lead++;
        if (Math.abs(error) > (state[layout.margins + k] ?? 0)) missed++;
        for (let expert = 0; expert < experts; expert++) {
          const value_kw = by_expert[expert]?.[at] ?? Number.NaN;
          if (Number.isNaN(value_kw)) continue;
          gained[expert] = (gained[expert] ?? 0) + (Math.sign(error) * (mixed_kw - value_kw)) / scale_kw;
        }
      }
      known += of_lead;
      const margin = state[layout.margins + k] ?? 0;
      if (of_lead > 0) state[layout.margins + k] = followMargin(margin, missed / of_lead);
    }
    if (known === 0) continue;
    const from = group * experts;
    const regret = state.subarray(layout.regret + from, layout.regret + from + experts);
    const squares = state.subarray(layout.squares + from, layout.squares + from + experts);
    addRound(
      regret,
      squares,
      gained.map((sum) => sum / known),
      DAILY_SHARE,
    );
  }
}
