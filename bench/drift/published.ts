import type { DriftSettings } from '../../core/judge/drift/settings.ts';

/** The thresholds that papers and programs give for independent values, to show what they do on losses and readings that are none. */
export const publishedDrift: DriftSettings = {
  // River 0.26, drift.PageHinkley and drift.ADWIN.
  page_hinkley: { delta: 0.005, threshold: 50, alpha: 0.9999, min_hours: 30 },
  adwin: { delta: 0.002 },
  // Montgomery, Introduction to Statistical Quality Control.
  cusum: { slack: 0.5, limit: 5 },
  // Siddiqi 2006: rebuild the scorecard.
  psi: { threshold: 0.25 },
  ks: { p_value: 0.05 },
  inputs: { share: 0.2 },
};
