import { LEADS } from '../../core/record.ts';
import { HISTORY_HOURS, type Telemetry } from '../../core/telemetry.ts';
import { conformalMargin } from '../interval.ts';
import { fillKnown, onTime } from '../known-hours.ts';
import { boundaryAt, DAY_TRUTH_HOURS, learnedBy } from '../predictor.ts';
import { rowOf } from '../row-of.ts';
import { noEquations, observe, solveRidge } from './least-squares.ts';
import {
  fillFeatures,
  LINEAR_FEATURES,
  type LinearModel,
  linearForecast,
  usualOf,
  type View,
  viewOf,
  weekOf,
} from './linear.ts';
import { moveProfile } from './profile.ts';

/** Coprime to 24, so that every hour of the day is among the issue hours that are fitted. */
const ISSUE_STEP_H = 7;

/** In rows: what a weight of 1 costs. */
const PENALTY = 30;

export type LinearFit = {
  /** Rows that are fitted. */
  hours: number;
  /** Whether what is usual comes from a profile that is moved on each day (`online`) or from the history alone (`ridge`). */
  profiled: boolean;
};

/** Ridge regression for each lead over all stations of a set's first hours, every error in units of its station's scale. */
export function fitLinear(telemetry: Telemetry, fit: LinearFit, onProgress: (share: number) => void): LinearModel {
  const equations = Array.from({ length: LEADS }, () => noEquations(LINEAR_FEATURES));
  eachTarget(telemetry, fit, onProgress, ({ view, lead, features, actual_kw }) => {
    const equation = equations[lead - 1];
    if (equation !== undefined)
      observe(equation, features, actual_kw - usualOf(view, lead), 1 / (view.scale_kw * view.scale_kw));
  });
  const weights = new Float64Array(LEADS * LINEAR_FEATURES);
  for (const [k, equation] of equations.entries()) solveRidge(equation, PENALTY, rowOf(weights, k, LINEAR_FEATURES));
  const model = { weights, margins: new Float64Array(LEADS) };
  const errors = Array.from({ length: LEADS }, (): number[] => []);
  eachTarget(telemetry, fit, onProgress, ({ view, lead, features, actual_kw }) => {
    const error_kw = Math.abs(actual_kw - linearForecast(model, view, lead, features));
    errors[lead - 1]?.push(error_kw / view.scale_kw);
  });
  model.margins.set(errors.map((of_lead) => conformalMargin(Float64Array.from(of_lead))));
  return model;
}

type Target = { view: View; lead: number; features: Float64Array; actual_kw: number };

/** Every known target of every fitted issue hour; `features` are overwritten by the next. */
function eachTarget(
  telemetry: Telemetry,
  { hours, profiled }: LinearFit,
  onProgress: (share: number) => void,
  use: (target: Target) => void,
): void {
  const features = new Float64Array(LINEAR_FEATURES);
  for (const station of telemetry.stations.keys()) {
    const readings = telemetry.values_kw[station]?.subarray(0, hours) ?? new Float64Array();
    for (const view of views(telemetry, station, hours, profiled))
      for (let lead = 1; lead <= LEADS; lead++) {
        const actual_kw = readings[view.issue_h - telemetry.start_h + lead] ?? Number.NaN;
        if (Number.isNaN(actual_kw)) continue;
        fillFeatures(view, lead, features);
        use({ view, lead, features, actual_kw });
      }
    onProgress((station + 1) / telemetry.stations.length);
  }
}

/** One station's fitted issue hours, as a server would see it at each. */
function* views(telemetry: Telemetry, station: number, hours: number, profiled: boolean): Generator<View> {
  const history = new Float64Array(HISTORY_HOURS);
  const truth = new Float64Array(DAY_TRUTH_HOURS);
  let profile: Float64Array | undefined;
  const first_h = telemetry.start_h + HISTORY_HOURS;
  let boundary_h = boundaryAt(first_h);
  for (let issue_h = first_h; issue_h < telemetry.start_h + hours - LEADS; issue_h += ISSUE_STEP_H) {
    fillKnown(telemetry, onTime, { station, now_h: issue_h }, history);
    for (; profiled && boundary_h < boundaryAt(learnedBy(issue_h)); boundary_h += 24) {
      if (profile === undefined) continue;
      fillKnown(telemetry, onTime, { station, now_h: boundary_h + 24 }, truth);
      moveProfile(profile, truth, boundary_h + 24);
    }
    const view = viewOf(history, issue_h, profile);
    if (view === undefined) continue;
    if (profiled) profile ??= weekOf(view.window_kw, issue_h);
    yield view;
  }
}
