/**
 * Every metric that a gate, alert or panel may name. Gates take names from here, exporters too; docs/metrics.md is generated from it.
 * `pod_hash` and `release` are the canary's for pair metrics; on model servers Prometheus adds `pod_hash` and `pod` from the pod's labels.
 */
type Metric = {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  unit: string;
  labels: readonly string[];
  exporter: 'model-server' | 'scorer';
  help: string;
};

const pair = ['release', 'pod_hash', 'arm'] as const;

export const metrics = {
  request_ms: {
    name: 'gridramp_request_duration_ms',
    type: 'histogram',
    unit: 'ms',
    labels: ['purpose'],
    exporter: 'model-server',
    help: 'Time to answer one forecast request',
  },
  requests: {
    name: 'gridramp_requests_total',
    type: 'counter',
    unit: '1',
    labels: ['purpose', 'code'],
    exporter: 'model-server',
    help: 'Forecast requests answered, by HTTP status',
  },
  forecasts: {
    name: 'gridramp_forecasts_total',
    type: 'counter',
    unit: '1',
    labels: ['purpose'],
    exporter: 'model-server',
    help: 'Forecasts made (one station each)',
  },
  fallbacks: {
    name: 'forecast_fallback_total',
    type: 'counter',
    unit: '1',
    labels: ['from', 'to', 'reason'],
    exporter: 'model-server',
    help: "Forecasts that another than the release's own predictor on its first backend answered: from it, to that one, for what reason",
  },
  learned_hour: {
    name: 'gridramp_learned_hour',
    type: 'gauge',
    unit: 'hours',
    labels: ['arm'],
    exporter: 'model-server',
    help: 'Day boundary, since the epoch, up to which the model of the arm has learned from the readings',
  },
  learning_faults: {
    name: 'gridramp_learning_faults_total',
    type: 'counter',
    unit: '1',
    labels: ['arm', 'fault'],
    exporter: 'model-server',
    help: 'Days that could not be learned (learn), and learned states that could not be read or published (read, publish)',
  },
  ensemble_weight: {
    name: 'gridramp_ensemble_weight',
    type: 'gauge',
    unit: '1',
    labels: ['arm', 'expert', 'lead_group'],
    exporter: 'model-server',
    help: 'Weight of an expert in the mixture that forecasts a group of leads, as last learned: mean over stations',
  },
  drift_resets: {
    name: 'gridramp_drift_resets',
    type: 'gauge',
    unit: '1',
    labels: ['arm'],
    exporter: 'model-server',
    help: 'How often a station was found to have changed and most of what was learned of it was forgotten, as last learned: sum over stations, training included',
  },
  memory_bytes: {
    name: 'process_resident_memory_bytes',
    type: 'gauge',
    unit: 'bytes',
    labels: [],
    exporter: 'model-server',
    help: 'Resident memory of the server',
  },
  cpu_s: {
    name: 'process_cpu_seconds_total',
    type: 'counter',
    unit: 's',
    labels: [],
    exporter: 'model-server',
    help: 'CPU time of the server',
  },
  start_s: {
    name: 'process_start_time_seconds',
    type: 'gauge',
    unit: 's',
    labels: [],
    exporter: 'model-server',
    help: 'When the process started: a change is a restart',
  },

  pair_hours: {
    name: 'gridramp_pair_hours',
    type: 'gauge',
    unit: 'hours',
    labels: [...pair, 'theta'],
    exporter: 'scorer',
    help: 'n: target hours judged live',
  },
  pair_sum: {
    name: 'gridramp_pair_sum',
    type: 'gauge',
    unit: '1',
    labels: [...pair, 'theta'],
    exporter: 'scorer',
    help: 'Sum of D(theta) over the judged hours',
  },
  pair_sumsq: {
    name: 'gridramp_pair_sumsq',
    type: 'gauge',
    unit: '1',
    labels: [...pair, 'theta'],
    exporter: 'scorer',
    help: 'Sum of D(theta)^2 over the judged hours',
  },
  sigma0_sq: {
    name: 'gridramp_backtest_sigma0_sq',
    type: 'gauge',
    unit: '1',
    labels: [...pair, 'theta'],
    exporter: 'scorer',
    help: 'Variance of D(theta) before the release, from the backtest',
  },
  kappa: {
    name: 'gridramp_backtest_kappa',
    type: 'gauge',
    unit: '1',
    labels: [...pair, 'theta'],
    exporter: 'scorer',
    help: 'Long-run variance over variance of D(theta), at least 8, from the backtest',
  },
  guard_alpha: {
    name: 'gridramp_guard_alpha',
    type: 'gauge',
    unit: '1',
    labels: [...pair, 'theta'],
    exporter: 'scorer',
    help: "The arm's share of the guard's one-sided error probability: alpha over the number of arms",
  },
  backtest_verdict: {
    name: 'gridramp_backtest_verdict',
    type: 'gauge',
    unit: '1',
    labels: [...pair, 'verdict'],
    exporter: 'scorer',
    help: '1 for the backtest verdict: abort, win, safe, continue or none',
  },
  arm_switched_off: {
    name: 'gridramp_arm_switched_off',
    type: 'gauge',
    unit: '1',
    labels: pair,
    exporter: 'scorer',
    help: '1 where a kill switch keeps the arm from answering: it then decides no gate',
  },
  mae_scaled: {
    name: 'gridramp_mae_scaled',
    type: 'gauge',
    unit: '1',
    labels: [...pair, 'side', 'lead_group'],
    exporter: 'scorer',
    help: 'Mean absolute error over m_s, side stable or candidate, at all leads or those of a group, over the station-hours scored',
  },
  rmse_scaled: {
    name: 'gridramp_rmse_scaled',
    type: 'gauge',
    unit: '1',
    labels: [...pair, 'side', 'lead_group'],
    exporter: 'scorer',
    help: 'Root mean squared error over m_s, each square clipped at 100, side stable or candidate, at all leads or those of a group',
  },

  consistency_z: {
    name: 'gridramp_consistency_z',
    type: 'gauge',
    unit: '1',
    labels: [...pair, 'alarm'],
    exporter: 'scorer',
    help: 'Largest deviation from the backtest in the first 14 days: bias-1h, bias-6h, distance-1h, distance-6h, loss-ratio, drift',
  },
  consistency_limit: {
    name: 'gridramp_consistency_limit',
    type: 'gauge',
    unit: '1',
    labels: [...pair, 'alarm'],
    exporter: 'scorer',
    help: 'Above it the deviation is an alarm, from the backtest',
  },

  release_hours: {
    name: 'gridramp_release_hours',
    type: 'gauge',
    unit: 'hours',
    labels: pair,
    exporter: 'scorer',
    help: 'Domain hours since the first pair of the release: its age',
  },
  pairs_expected: {
    name: 'gridramp_pairs_expected',
    type: 'gauge',
    unit: '1',
    labels: pair,
    exporter: 'scorer',
    help: 'Forecasts of one station at one issue hour that both versions should have made: all but those that neither can make',
  },
  pairs_complete: {
    name: 'gridramp_pairs_complete',
    type: 'gauge',
    unit: '1',
    labels: pair,
    exporter: 'scorer',
    help: 'Forecasts of one station at one issue hour that both versions made, in full',
  },
  pairs_one_sided: {
    name: 'gridramp_pairs_one_sided',
    type: 'gauge',
    unit: '1',
    labels: pair,
    exporter: 'scorer',
    help: 'Forecasts of one station at one issue hour that one version alone made, in full',
  },
  labels_expected: {
    name: 'gridramp_labels_expected',
    type: 'gauge',
    unit: '1',
    labels: pair,
    exporter: 'scorer',
    help: 'Station-hours whose truth is due',
  },
  labels_matured: {
    name: 'gridramp_labels_matured',
    type: 'gauge',
    unit: '1',
    labels: pair,
    exporter: 'scorer',
    help: 'Station-hours whose truth had arrived, and can be true, when they closed',
  },
  labels_missing: {
    name: 'gridramp_labels_missing',
    type: 'gauge',
    unit: '1',
    labels: pair,
    exporter: 'scorer',
    help: 'Station-hours that closed without a truth to judge by, quarantined ones among them',
  },
  quarantined: {
    name: 'gridramp_readings_quarantined',
    type: 'gauge',
    unit: '1',
    labels: [...pair, 'reason'],
    exporter: 'scorer',
    help: 'Readings that cannot be true (negative, spike, zero, stuck) and therefore judge nothing',
  },
  invalid: {
    name: 'gridramp_forecasts_invalid',
    type: 'gauge',
    unit: '1',
    labels: pair,
    exporter: 'scorer',
    help: 'Candidate forecasts with a value that is not a finite number',
  },
  frozen: {
    name: 'gridramp_forecasts_frozen',
    type: 'gauge',
    unit: '1',
    labels: pair,
    exporter: 'scorer',
    help: 'Candidate forecasts that repeat an earlier one of the same station although a recomputation differs',
  },
  parity_checked: {
    name: 'gridramp_parity_checked',
    type: 'gauge',
    unit: '1',
    labels: pair,
    exporter: 'scorer',
    help: 'Candidate forecasts recomputed offline',
  },
  parity_broken: {
    name: 'gridramp_parity_broken',
    type: 'gauge',
    unit: '1',
    labels: pair,
    exporter: 'scorer',
    help: 'Candidate forecasts that differ from their recomputation',
  },
  drift_events: {
    name: 'gridramp_drift_events_total',
    type: 'counter',
    unit: '1',
    labels: [...pair, 'side', 'detector'],
    exporter: 'scorer',
    help: 'Drifts that a detector has seen in the loss of a version, side stable or candidate, or in the inputs, side inputs',
  },
  drift_statistic: {
    name: 'gridramp_drift_statistic',
    type: 'gauge',
    unit: '1',
    labels: [...pair, 'side', 'detector'],
    exporter: 'scorer',
    help: 'How near a detector is to saying drift: 1 is its limit',
  },
  drift_input_share: {
    name: 'gridramp_drift_input_share',
    type: 'gauge',
    unit: '1',
    labels: [...pair, 'detector'],
    exporter: 'scorer',
    help: 'Share of the compared stations whose readings differ this week from the two weeks before',
  },
  drift_stations_compared: {
    name: 'gridramp_drift_stations_compared',
    type: 'gauge',
    unit: '1',
    labels: pair,
    exporter: 'scorer',
    help: 'Stations whose readings of the last week could be compared with those of the two weeks before',
  },

  stations_answered: {
    name: 'gridramp_stations_answered',
    type: 'gauge',
    unit: 'stations',
    labels: pair,
    exporter: 'scorer',
    help: 'Stations that were answered in the last 48 domain hours, by any version',
  },
  stations_canary: {
    name: 'gridramp_stations_canary',
    type: 'gauge',
    unit: 'stations',
    labels: pair,
    exporter: 'scorer',
    help: "Stations of these whose last answer was the candidate's",
  },
  sample_ratio_chi2: {
    name: 'gridramp_sample_ratio_chi2',
    type: 'gauge',
    unit: '1',
    labels: pair,
    exporter: 'scorer',
    help: "Chi-squared (1 df) of the difference between the groups' shares of answered station-hours",
  },
  latency_e: {
    name: 'gridramp_latency_e',
    type: 'gauge',
    unit: '1',
    labels: pair,
    exporter: 'scorer',
    help: 'Largest e-value against "at most 10 % of answers take longer than the p90 of the stable and 100 ms"',
  },
  cost: {
    name: 'gridramp_cost',
    type: 'gauge',
    unit: 'currency of the tariff',
    labels: [...pair, 'side'],
    exporter: 'scorer',
    help: 'What forecast errors cost, side stable or candidate, over the same station-hours',
  },
  cost_saved: {
    name: 'gridramp_cost_saved',
    type: 'gauge',
    unit: 'currency of the tariff',
    labels: pair,
    exporter: 'scorer',
    help: "What the candidate's errors cost less than the stable's",
  },
  engagement_shown: {
    name: 'gridramp_engagement_shown',
    type: 'gauge',
    unit: '1',
    labels: [...pair, 'group'],
    exporter: 'scorer',
    help: 'Recommendations shown, group before (the release), control or canary (since)',
  },
  engagement_followed: {
    name: 'gridramp_engagement_followed',
    type: 'gauge',
    unit: '1',
    labels: [...pair, 'group'],
    exporter: 'scorer',
    help: 'Recommendations followed, by group',
  },
  feedback_scores: {
    name: 'gridramp_feedback_scores',
    type: 'gauge',
    unit: '1',
    labels: [...pair, 'group'],
    exporter: 'scorer',
    help: 'Scores given by users, by group',
  },
  feedback_score_sum: {
    name: 'gridramp_feedback_score_sum',
    type: 'gauge',
    unit: '1',
    labels: [...pair, 'group'],
    exporter: 'scorer',
    help: 'Sum of these scores, each 1 to 5',
  },

  ignored: {
    name: 'gridramp_ignored_total',
    type: 'counter',
    unit: '1',
    labels: ['kind', 'reason'],
    exporter: 'scorer',
    help: 'Records of forecasts and events of users that were not counted: outside the time that is kept, of a station without readings, of one release too many for its day, or too many in number',
  },
  watermark_s: {
    name: 'gridramp_watermark_seconds',
    type: 'gauge',
    unit: 's',
    labels: [],
    exporter: 'scorer',
    help: 'Domain time, Unix seconds: until when readings are known',
  },
  pairs_behind: {
    name: 'gridramp_pairs_behind',
    type: 'gauge',
    unit: 'hours',
    labels: [],
    exporter: 'scorer',
    help: 'Issue hours known to the scorer but not yet paired',
  },
} as const satisfies Record<string, Metric>;

/**
 * Matcher of failed requests: whatever did not get an answer below 500, so that requests which never got one count too, under whatever code.
 */
export const FAILED_REQUEST = 'code!~"[1-4].."';

/**
 * Upper bounds in ms of the buckets in which latencies are counted, everywhere; one more is above the last. Close together up to 500, so that
 * a p99 difference of 100 is seen wherever it lies.
 */
export const LATENCY_BOUNDS_MS = [
  1, 2, 5, 10, 20, 35, 50, 75, 100, 125, 150, 200, 250, 300, 400, 500, 1000, 2000, 5000,
] as const;

/** Values of the `theta` label, exactly as exported: θ of abort, safe and win. */
export const thetas = { abort: '0', safe: '0.05', win: '-0.15' } as const;

/** Value of the `lead_group` label of errors over all leads; the others are groups like 1-6. */
export const ALL_LEADS = 'all';
