import { PageHinkley } from '../../core/judge/drift/page-hinkley.ts';
import { LEADS } from '../../core/record.ts';
import { HISTORY_HOURS } from '../../core/telemetry.ts';
import { DAY_TRUTH_HOURS, type LearningDay, noForecast, type Predictor } from '../predictor.ts';
import { rowOf } from '../row-of.ts';
import { GROUP_ENDS, GROUPS, groupOf } from './lead-groups.ts';
import { forget, observe, solveRidge } from './least-squares.ts';
import {
  fillFeatures,
  LINEAR_FEATURES,
  type LinearModel,
  linearForecast,
  type View,
  viewOf,
  weekOf,
} from './linear.ts';
import { followMargin } from './margins.ts';
import { CORRECTIONS, equationsOf, ONLINE_SIZE, type OnlineState, onlineState } from './online-state.ts';
import { moveProfile, restoreProfile } from './profile.ts';
import { fillInterval, floorOf } from './scale.ts';
import { initialState, type TrainedStates } from './trained-states.ts';

/** What a day of observations counts of the day after it; and after a drift. Chosen on the training part, as is the penalty (in days). */
const DAILY_SHARE = 0.99;
const SHARE_AFTER_DRIFT = 0.25;
const PENALTY = 100;

/** Of the mean daily error in units of the scale: a rise by more than `delta` that adds up to `threshold`, after two weeks to learn from. */
const DRIFT = { delta: 0.1, threshold: 5, alpha: 1, min_hours: 14 };

/** A profile that has not been moved on for longer is no longer what is usual. */
const PROFILE_AGE_H = 7 * 24;

/** Which features of the linear model a station's own correction looks at, beside a constant and the linear forecast itself. */
const CORRECTED = [0, 3, 5, 9, 10, 11, 12, 17] as const;

/**
 * The linear model over a profile of each station's own, and a correction of it for each station by recursive least squares with forgetting,
 * both learned day by day while it serves. `trained`: what each station begins with.
 */
export function online(model: LinearModel, trained: TrainedStates = untaught(model)): Predictor {
  return {
    kind: 'online',
    learning: {
      size: ONLINE_SIZE,
      initial: (station_id) => initialState(trained, station_id),
      learn: async (states, day) => {
        for (const row of day.station_ids.keys()) learnDay(model, rowOf(states, row, ONLINE_SIZE), day, row);
      },
      dayBefore,
      drifts: (state) => onlineState(state).drifts[0] ?? 0,
    },
    async forecast({ history_kw, issue_h, states, values_only }) {
      if (states === undefined) throw new RangeError('a model that learns online forecasts from states, and got none');
      const forecast = noForecast(issue_h.length);
      for (let row = 0; row < issue_h.length; row++) {
        const history = rowOf(history_kw, row, HISTORY_HOURS);
        const state = onlineState(rowOf(states, row, ONLINE_SIZE));
        const view = viewOf(history, issue_h[row] ?? 0, profileAt(state, issue_h[row] ?? 0));
        if (view === undefined) continue;
        const floor_kw = floorOf(history);
        for (let lead = 1; lead <= LEADS; lead++)
          forecast.values_kw[row * LEADS + lead - 1] = Math.max(
            floor_kw,
            forecastLead(model, state, view, lead).value_kw,
          );
        if (!values_only) fillInterval(forecast, row, history, state.margins);
      }
      return forecast;
    },
    dispose() {},
  };
}

function untaught({ margins }: LinearModel): TrainedStates {
  const numbers = new Float64Array(ONLINE_SIZE);
  const state = onlineState(numbers);
  state.profile_h.fill(Number.NaN);
  state.before_h.fill(Number.NaN);
  state.margins.set(margins);
  return { others: numbers, of: new Map() };
}

function profileAt({ profile_h, profile }: OnlineState, issue_h: number): Float64Array | undefined {
  const age_h = issue_h - (profile_h[0] ?? Number.NaN);
  return age_h >= 0 && age_h < PROFILE_AGE_H ? profile : undefined;
}

/** Overwritten by every lead. */
const features = new Float64Array(LINEAR_FEATURES);

type Lead = { value_kw: number; linear_kw: number; corrections: Float64Array };

/** One lead's forecast, and what its correction was made from. */
function forecastLead(model: LinearModel, { weights }: OnlineState, view: View, lead: number): Lead {
  fillFeatures(view, lead, features);
  const linear_kw = linearForecast(model, view, lead, features);
  const corrections = new Float64Array(CORRECTIONS);
  corrections[0] = 1;
  corrections[1] = linear_kw / view.scale_kw;
  for (const [i, feature] of CORRECTED.entries()) corrections[2 + i] = (features[feature] ?? 0) / view.scale_kw;
  const from = (groupOf[lead - 1] ?? 0) * CORRECTIONS;
  let correction = 0;
  for (let i = 0; i < CORRECTIONS; i++) correction += (weights[from + i] ?? 0) * (corrections[i] ?? 0);
  return { value_kw: linear_kw + correction * view.scale_kw, linear_kw, corrections };
}

function dayBefore(numbers: Float64Array): Float64Array {
  const before = numbers.slice();
  const state = onlineState(before);
  const boundary_h = state.profile_h[0] ?? Number.NaN;
  if (!Number.isNaN(boundary_h)) restoreProfile(state.profile, boundary_h, state.replaced);
  state.profile_h.set(state.before_h);
  state.weights.set(state.weights_before);
  return before;
}

function learnDay(model: LinearModel, numbers: Float64Array, day: LearningDay, row: number): void {
  const state = onlineState(numbers);
  const truth_kw = rowOf(day.truth_kw, row, DAY_TRUTH_HOURS);
  const taught = observations(model, numbers, day, row);
  const drifted = watch(state, taught);
  for (let group = 0; group < GROUPS; group++) {
    const equations = equationsOf(state, group);
    forget(equations, drifted ? SHARE_AFTER_DRIFT : DAILY_SHARE);
    const leads = (GROUP_ENDS[group] ?? 0) - (GROUP_ENDS[group - 1] ?? 0);
    for (const { lead, corrections, residual } of taught)
      if (groupOf[lead - 1] === group) observe(equations, corrections, residual, 1 / leads);
    const weights = rowOf(state.weights, group, CORRECTIONS);
    rowOf(state.weights_before, group, CORRECTIONS).set(weights);
    solveRidge(equations, PENALTY, weights);
  }
  state.before_h.set(state.profile_h);
  if (profileAt(state, day.boundary_h - 24) === undefined) {
    const latest = rowOf(day.history_kw, row * 24 + 23, HISTORY_HOURS);
    const view = viewOf(latest, day.boundary_h - 24);
    // A station that has not said anything yet has no profile to move on.
    if (view === undefined) return;
    state.profile.set(weekOf(view.window_kw, view.issue_h));
    state.before_h.fill(Number.NaN);
  }
  moveProfile(state.profile, truth_kw, day.boundary_h, state.replaced);
  state.profile_h.fill(day.boundary_h);
}

/** What a day says of one lead of one issue hour: errors in units of the scale, of the linear model and, absolute, of the whole. */
type Observation = { lead: number; corrections: Float64Array; residual: number; error: number };

/** The issue hours' forecasts are made with the state that they had: that of the boundary before. */
function observations(model: LinearModel, numbers: Float64Array, day: LearningDay, row: number): Observation[] {
  const found: Observation[] = [];
  const state = onlineState(dayBefore(numbers));
  for (let i = 0; i < 24; i++) {
    const issue_h = day.boundary_h - 47 + i;
    const history = rowOf(day.history_kw, row * 24 + i, HISTORY_HOURS);
    const view = viewOf(history, issue_h, profileAt(state, issue_h));
    if (view === undefined) continue;
    for (let lead = 1; lead <= LEADS; lead++) {
      const actual_kw = day.truth_kw[row * DAY_TRUTH_HOURS + i + lead - 1] ?? Number.NaN;
      if (Number.isNaN(actual_kw)) continue;
      const { value_kw, linear_kw, corrections } = forecastLead(model, state, view, lead);
      const residual = (actual_kw - linear_kw) / view.scale_kw;
      found.push({ lead, corrections, residual, error: Math.abs(actual_kw - value_kw) / view.scale_kw });
    }
  }
  return found;
}

/** Moves the margins on, and says whether the station has changed. */
function watch(state: OnlineState, taught: readonly Observation[]): boolean {
  if (taught.length === 0) return false;
  const missed = new Float64Array(LEADS);
  const count = new Float64Array(LEADS);
  let sum = 0;
  for (const { lead, error } of taught) {
    sum += error;
    count[lead - 1] = (count[lead - 1] ?? 0) + 1;
    if (error > (state.margins[lead - 1] ?? 0)) missed[lead - 1] = (missed[lead - 1] ?? 0) + 1;
  }
  for (let k = 0; k < LEADS; k++)
    if (count[k] !== 0) state.margins[k] = followMargin(state.margins[k] ?? 0, (missed[k] ?? 0) / (count[k] ?? 1));
  const [n = 0, mean = 0, up = 0, up_min = 0, down = 0, down_max = -1, statistic = 0] = state.drift;
  const watched = { n, mean, up, up_min, down, down_max: n === 0 ? -1 : down_max, statistic };
  const drifted = new PageHinkley(DRIFT, watched).observe(sum / taught.length);
  state.drift.set([
    watched.n,
    watched.mean,
    watched.up,
    watched.up_min,
    watched.down,
    watched.down_max,
    watched.statistic,
  ]);
  if (drifted) state.drifts[0] = (state.drifts[0] ?? 0) + 1;
  return drifted;
}
