/** Shares of station-hours below which nothing good is concluded, neither of a release (its gates) nor of a file (`npm run judge`). */
export const COVERAGE = {
  /** Judging only what the candidate managed to forecast would reward it for failing at the hard hours. */
  min_pairs: 0.95,
  /** Missing truth is nobody's harm, but nothing may be concluded without it. */
  min_labels: 0.9,
} as const;
