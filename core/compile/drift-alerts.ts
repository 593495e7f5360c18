import { metrics } from '../metrics.ts';
import type { Alert } from './alert.ts';

const events = metrics.drift_events.name;
const version = 'sum by (release, pod_hash, arm)';
const drifted = (side: 'candidate' | 'stable') => `${version} (increase(${events}{side="${side}"}[7d])) > 0`;

/** Alerts of the drift detectors. None of them stops a release: gates do that. docs/judging-drift.md says what to do. */
export const driftAlerts: readonly Alert[] = [
  {
    // Both versions see the same data: where only one of them changes, it is not the data.
    alert: 'CandidateDriftsAlone',
    expr: `${drifted('candidate')} unless ${drifted('stable')}`,
    severity: 'warning',
    summary:
      "The error of candidate {{ $labels.release }} ({{ $labels.arm }}) has drifted this week, the stable version's has not",
  },
  {
    alert: 'BothVersionsDrift',
    expr: `${drifted('candidate')} and ${drifted('stable')}`,
    severity: 'info',
    summary:
      'The errors of both versions have drifted this week: look at the data before the candidate {{ $labels.release }}',
  },
  {
    alert: 'InputsDrift',
    expr: `max by (release, pod_hash, arm) (${metrics.drift_statistic.name}{side="inputs"}) >= 1`,
    severity: 'warning',
    summary: 'Readings differ this week from the two weeks before at more stations than the plan allows',
  },
  {
    // Undisturbed, all detectors of a version together alarm less than once a month: docs/judging-drift.md.
    alert: 'DriftsTooOften',
    expr: `sum by (release, pod_hash, arm, side) (increase(${events}[30d])) > 3`,
    severity: 'warning',
    summary:
      '{{ $value | printf "%.0f" }} drifts of the {{ $labels.side }} in 30 days: the world has changed, or the thresholds of the plan do not fit it',
  },
];
