/** Thresholds of the drift detectors, a plan's `judge.drift`. */
export type DriftSettings = {
  /** Page-Hinkley on hourly scaled losses, whose mean is about 1; alpha fades per hour, nothing is said before min_hours. */
  page_hinkley: { delta: number; threshold: number; alpha: number; min_hours: number };
  /** ADWIN's confidence, on daily means of scaled losses. */
  adwin: { delta: number };
  /** CUSUM of standardised daily means of scaled losses: slack k and limit h, in standard deviations. */
  cusum: { slack: number; limit: number };
  /** Population stability index of a station's readings, the week against the two weeks before. */
  psi: { threshold: number };
  /** Kolmogorov-Smirnov p-value of the same comparison. */
  ks: { p_value: number };
  /** The inputs have drifted when this share of the stations has, by psi or by ks. */
  inputs: { share: number };
};

/**
 * Thresholds where the plan gives none. The published defaults suppose independent values; losses and readings hang together over days and weeks, and with
 * them every detector cries wolf (docs/judging-drift.md has the measurements). So:
 */
export const defaultDrift: DriftSettings = {
  // River: delta 0.005, threshold 50, alpha 0.9999, 30 values. Here a loss must lie half the usual loss above its mean, by 72 usual hours
  // altogether, and a mean takes in every hour of the week.
  page_hinkley: { delta: 0.5, threshold: 72, alpha: 0.9999, min_hours: 168 },
  // River's default; on daily means, looked at daily instead of every 32 values.
  adwin: { delta: 0.002 },
  // The textbook's slack 0.5 and limit 5 look for a shift of one deviation (Montgomery); slack 1 looks for two.
  cusum: { slack: 1, limit: 5 },
  // Scorecards are rebuilt at 0.25, which supposes thousands of independent values (Siddiqi 2006): a week of readings has about seven.
  psi: { threshold: 4 },
  ks: { p_value: 0.005 },
  inputs: { share: 0.2 },
};
