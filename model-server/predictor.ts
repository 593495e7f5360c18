import { LEADS } from '../core/record.ts';

/**
 * What is forecast in one call: n stations, each with its own issue hour and history. Batch first, because a call into TensorFlow costs
 * the same for one station as for a hundred. Calendar features come from the issue hour (UTC: the stations' time zones are unknown).
 */
export type Batch = {
  station_ids: readonly string[];
  /** Hours since the epoch, one per station. */
  issue_h: Int32Array;
  /** n × HISTORY_HOURS: each row oldest first, last = the issue hour, NaN = missing (the predictor imputes). */
  history_kw: Float64Array;
  /** n × `learning.size`, of predictors that learn: each station's state at the last day boundary before its issue hour, `learnedBy`. */
  states?: Float64Array;
  /** Nobody reads the ends of the intervals, which cost more than a plain forecast itself: they may be NaN. */
  values_only?: true;
};

/** n × LEADS each, in kW, in the order of the batch; NaN where nothing can be said. */
export type Forecast = {
  values_kw: Float64Array;
  /** Ends of an interval that should hold the actual reading in 90 of 100 cases. */
  low_kw: Float64Array;
  high_kw: Float64Array;
  /** Where another than the release's own predictor on its first backend answered. */
  fallback?: Fallback;
};

/** Who was to answer, who did, and why: labels of `forecast_fallback_total`. */
export type Fallback = { from: string; to: string; reason: string };

/**
 * What n stations are taught at a day boundary D, a multiple of 24 hours since the epoch: the 24 issue hours i with D - 48 < i <= D - 24,
 * of which every target hour has passed by D.
 */
export type LearningDay = {
  station_ids: readonly string[];
  /** D. */
  boundary_h: number;
  /** n × 24 × HISTORY_HOURS: each station's histories as they were known at those issue hours, earliest first. */
  history_kw: Float64Array;
  /** n × DAY_TRUTH_HOURS: readings of hours D - DAY_TRUTH_HOURS + 1 to D as known at D, NaN = missing. */
  truth_kw: Float64Array;
};

/** From the first target hour of a day's first issue hour to D. */
export const DAY_TRUTH_HOURS = 24 + LEADS - 1;

/**
 * How a predictor learns while it serves. A station's state at boundary D is `learn` of its state at D - 24 and of nothing else but the day,
 * so it is a function of the observation log alone: servers, their successors and whoever checks them agree on it to the bit.
 */
export type Learning = {
  /** Numbers of one station's state. */
  readonly size: number;
  /** The state that a station begins with: `size` numbers. */
  initial: (station_id: string) => Float64Array;
  /** Overwrites `states` (n × size, at D - 24) with those at D. Stations do not see each other. */
  learn: (states: Float64Array, day: LearningDay) => Promise<void>;
  /** Of those that can be mixed: one station's state as its forecasts saw it a day before, so that what they said then is judged. */
  dayBefore?: (state: Float64Array) => Float64Array;
  /** Of those that mix experts: what each weighs at a station. */
  weights?: (state: Float64Array) => ExpertWeight[];
  /** Of those that watch for drift: how often a station has changed. */
  drifts?: (state: Float64Array) => number;
};

/** `leads`: those it has this weight for, such as "4-8". */
export type ExpertWeight = { expert: string; leads: string; weight: number };

/** One way of forecasting. Predictors keep no state between calls: a forecast is a function of the model and its batch alone. */
export type Predictor = {
  readonly kind: string;
  forecast: (batch: Batch) => Promise<Forecast>;
  /** Not a function of its batch alone, as a rehearsed fault: its forecasts are neither remembered nor asked for together. */
  readonly impure?: true;
  /** Of predictors that learn; their batches have `states`. */
  readonly learning?: Learning;
  /** Frees what the garbage collector does not see. */
  dispose: () => void;
};

/** The last day boundary at or before an hour. */
export function boundaryAt(hour: number): number {
  return 24 * Math.floor(hour / 24);
}

/**
 * The hour up to which forecasts of an issue hour know what was learned: the one before it. So nobody waits at midnight for a day to be
 * learned, which takes a large fleet minutes and may take an hour.
 */
export function learnedBy(issue_h: number): number {
  return issue_h - 1;
}

/** A forecast of `rows` rows with nothing said yet. */
export function noForecast(rows: number): Forecast {
  const nothing = () => new Float64Array(rows * LEADS).fill(Number.NaN);
  return { values_kw: nothing(), low_kw: nothing(), high_kw: nothing() };
}

/** The same change made to the values and to both ends of their interval. */
export function changed(forecast: Forecast, change: (kw: Float64Array) => Float64Array): Forecast {
  return {
    ...forecast,
    values_kw: change(forecast.values_kw),
    low_kw: change(forecast.low_kw),
    high_kw: change(forecast.high_kw),
  };
}
