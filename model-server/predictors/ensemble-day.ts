import { LEADS } from '../../core/record.ts';
import { HISTORY_HOURS } from '../../core/telemetry.ts';
import { type Batch, DAY_TRUTH_HOURS, type LearningDay } from '../predictor.ts';
import { rowOf } from '../row-of.ts';
import { type Layout, marginsOf, ownState, ownStates, roundsOf, setOwnStates } from './ensemble-state.ts';
import { GROUPS, groupOf } from './lead-groups.ts';
import { followMargin } from './margins.ts';
import { forecastsOf, mixture } from './mixture.ts';
import { addRound, mlPolyWeights } from './ml-poly.ts';
import { scaleOf } from './scale.ts';

const DAY_H = 24;

/** What a day's regret counts of the day after it. */
const DAILY_SHARE = 0.99;

/** Overwrites stations' states with those a day later: how the mixture did, and what its experts learn themselves. */
export async function learnDay(layout: Layout, states: Float64Array, day: LearningDay): Promise<void> {
  const by_expert = await forecastsOf(layout, batchOf(day), statesOf(layout, states, day));
  for (const row of day.station_ids.keys()) {
    const scales = Float64Array.from({ length: DAY_H }, (_, i) =>
      scaleOf(rowOf(day.history_kw, row * DAY_H + i, HISTORY_HOURS)),
    );
    const truth_kw = rowOf(day.truth_kw, row, DAY_TRUTH_HOURS);
    learnStation(layout, rowOf(states, row, layout.size), { by_expert, first_row: row * DAY_H, scales, truth_kw });
  }
  for (const expert of layout.experts) {
    const { learning } = expert.predictor;
    if (learning === undefined) continue;
    const own = ownStates(states, layout, expert);
    await learning.learn(own, day);
    setOwnStates(states, layout, expert, own);
  }
}

/** The day's issue hours, station by station, as one batch. */
function batchOf({ station_ids, boundary_h, history_kw }: LearningDay): Batch {
  const rows = station_ids.length * DAY_H;
  return {
    station_ids: Array.from({ length: rows }, (_, row) => station_ids[Math.floor(row / DAY_H)] ?? ''),
    issue_h: Int32Array.from({ length: rows }, (_, row) => boundary_h - 47 + (row % DAY_H)),
    history_kw,
  };
}

/** The state that the day's issue hours had: that of the boundary before. */
function statesOf(layout: Layout, states: Float64Array, { station_ids }: LearningDay): Float64Array {
  const of_rows = new Float64Array(station_ids.length * DAY_H * layout.size);
  for (const station of station_ids.keys()) {
    const before = dayBefore(layout, rowOf(states, station, layout.size));
    for (let i = 0; i < DAY_H; i++) of_rows.set(before, (station * DAY_H + i) * layout.size);
  }
  return of_rows;
}

/** Only the experts' own forecasts are made again; the mixture's weights stay those of now. */
export function dayBefore(layout: Layout, state: Float64Array): Float64Array {
  const before = state.slice();
  for (const expert of layout.experts) {
    const { kind, learning } = expert.predictor;
    if (learning === undefined) continue;
    const own = learning.dayBefore?.(ownState(state, expert));
    if (own === undefined) throw new RangeError(`${kind} learns, but cannot say what it forecast a day before`);
    ownState(before, expert).set(own);
  }
  return before;
}

/** One station's day: what the experts said of it, from `first_row` on, its scale at each issue hour, and what came of it. */
type StationDay = {
  by_expert: readonly Float64Array[];
  first_row: number;
  scales: Float64Array;
  truth_kw: Float64Array;
};

/** How each expert did against the mixture, and how often its interval missed. */
function learnStation(layout: Layout, state: Float64Array, day: StationDay): void {
  const margins = marginsOf(layout, state);
  for (let group = 0; group < GROUPS; group++) {
    const { regret, squares } = roundsOf(layout, state, group);
    const weights = mlPolyWeights(regret, squares);
    const gained = new Float64Array(layout.experts.length);
    let known = 0;
    for (let k = 0; k < LEADS; k++) {
      if (groupOf[k] !== group) continue;
      const margin = margins[k] ?? 0;
      const lead = judgeLead(day, k, { weights, margin, gained });
      known += lead.known;
      if (lead.known > 0) margins[k] = followMargin(margin, lead.missed / lead.known);
    }
    if (known === 0) continue;
    const means = gained.map((sum) => sum / known);
    addRound(regret, squares, means, DAILY_SHARE);
  }
}

type Mixed = { weights: Float64Array; margin: number; gained: Float64Array };

/** Of how many issue hours a lead's reading is known, and how many of them missed the interval; adds to what each expert gained. */
function judgeLead(day: StationDay, k: number, { weights, margin, gained }: Mixed): { known: number; missed: number } {
  const { by_expert, first_row, scales, truth_kw } = day;
  let [known, missed] = [0, 0];
  for (let i = 0; i < DAY_H; i++) {
    const at = (first_row + i) * LEADS + k;
    const actual_kw = truth_kw[i + k] ?? Number.NaN;
    const mixed_kw = mixture(by_expert, weights, at);
    if (Number.isNaN(actual_kw) || Number.isNaN(mixed_kw)) continue;
    const scale_kw = scales[i] ?? 1;
    const error = (mixed_kw - actual_kw) / scale_kw;
    known++;
    if (Math.abs(error) > margin) missed++;
    for (const [expert, values_kw] of by_expert.entries()) {
      const value_kw = values_kw[at] ?? Number.NaN;
      if (Number.isNaN(value_kw)) continue;
      gained[expert] = (gained[expert] ?? 0) + (Math.sign(error) * (mixed_kw - value_kw)) / scale_kw;
    }
  }
  return { known, missed };
}
