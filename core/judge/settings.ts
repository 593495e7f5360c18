/** How one service is judged: what a plan's `judge:` section says, with its defaults filled in. The compiler hands it to the scorer as one JSON value. */
export type JudgeSettings = {
  /** Domain hours after its end at which a target hour is closed: later readings do not reach the live sums. */
  truth_delay_hours: number;
  /** Why a proven small loss is taken; null: it is not. */
  accepted_loss: string | null;
  database: 'sqlite' | 'postgresql';
  drift: DriftSettings;
  tariff: Tariff;
};

/** Thresholds of the drift detectors; the published defaults where a paper or River gives them. */
export type DriftSettings = {
  /** Page-Hinkley on scaled hourly losses. */
  page_hinkley: { delta: number; threshold: number; alpha: number; min_hours: number };
  /** ADWIN's confidence. */
  adwin: { delta: number };
  /** CUSUM of standardised losses: slack k and limit h, in standard deviations. */
  cusum: { slack: number; limit: number };
  /** Population stability index of the inputs' week against the weeks before. */
  psi: { threshold: number };
  /** Kolmogorov-Smirnov p-value of the same comparison. */
  ks: { p_value: number };
};

/**
 * What a forecast error costs, plainly: the energy of each hour is bought a day ahead as forecast; what is missing is bought and what is left
 * over is sold at imbalance prices.
 */
export type Tariff = {
  currency: string;
  /** Extra cost per MWh that was bought too late. */
  shortfall_per_mwh: number;
  /** Loss per MWh that was bought in vain. */
  surplus_per_mwh: number;
};
