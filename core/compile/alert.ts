import type { AlertName } from '../alert-names.ts';

/** An alert of Prometheus, as people read it. */
export type Alert = {
  alert: AlertName;
  /** One series for each thing that is alerted about, none while all is well. */
  expr: string;
  /** How long it must have been so; absent: at once. */
  for?: string;
  severity: 'info' | 'warning' | 'critical';
  summary: string;
};
