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
};

/** One way of forecasting. Predictors keep no state between calls: a forecast is a function of the model and its batch alone. */
export type Predictor = {
  readonly kind: string;
  /** n × LEADS, in kW, in the order of the batch; NaN where nothing can be said. */
  forecast: (batch: Batch) => Promise<Float64Array>;
  /** Frees what the garbage collector does not see. */
  dispose: () => void;
};
