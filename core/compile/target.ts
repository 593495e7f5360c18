import type { StationsApart } from './stations.ts';

/** Where a folder comes from that several pods share: a claim in production, a folder of this machine in the lab. */
export type SharedVolume =
  | { persistentVolumeClaim: { claimName: string } }
  | { hostPath: { path: string; type?: 'DirectoryOrCreate' } };

/**
 * Where a plan is compiled for, and in which time. Production and lab differ in these values only, and these values hold nothing but
 * addresses, durations and what is released.
 */
export type Target = {
  namespace: string;
  /** Image of the model server, by digest. */
  image: string;
  /** Digest of the release that the pod template runs. */
  release: string;
  /** Value of ARM in its pods, and of the `arm` label of what is judged. */
  arm: string;
  /** Whether the release has a usable backtest: without one the guard itself must say safe. */
  backtested: boolean;
  registry: SharedVolume;
  /** Where models lie beside the registry, if anywhere; `secret` holds the store's keys as environment variables. */
  model_store?: { address: string; secret?: string };
  /** Where model servers send their spans, if anywhere; `share` of the traces that no caller began, default all. */
  traces?: { endpoint: string; share?: string };
  /** What models learn while they serve; the model servers write it. */
  states: SharedVolume;
  /** What the plan's selectors mean: the inventory that they refer to lies outside of it. */
  stations: StationsApart;
  /** Base URLs that the controller, respectively the pods, reach. */
  prometheus_url: string;
  scorer_url: string;
  time: TargetTime;
};

export type TargetTime = {
  /** Durations of the plan's phases, or those that its `rehearsal` gives. */
  phases: 'production' | 'rehearsal';
  /** Real seconds in one domain hour: 3600, or less in compressed time. */
  seconds_per_hour: number;
  /** Whole seconds between two measurements: Argo stores times without fractions, so less than 1 would measure in a busy loop. */
  interval_s: number;
  /**
   * How many times its length a phase may take to judge its hours, before a person is asked. In production hours come in real time and only
   * gaps delay them; a replay slows down on a busy machine.
   */
  feed_slack: number;
  /** Window of rates, an even number: half of it must hold four scrapes, or a lost one leaves no rate. */
  window_s: number;
  /** Without progress for so long, the release is aborted. Longer than a pod takes to load its model and catch up. */
  progress_deadline_s: number;
  /** How long the canary's pods outlive an abort, respectively the old ones a promotion. */
  scale_down_s: number;
};

/** Real time. A window of six hours holds enough requests of a tenth of the stations when each asks once an hour. */
export const productionTime: TargetTime = {
  phases: 'production',
  seconds_per_hour: 3600,
  interval_s: 300,
  feed_slack: 1.25,
  window_s: 6 * 3600,
  progress_deadline_s: 600,
  scale_down_s: 300,
};

/** Compressed time of a rehearsal. */
export function rehearsalTime(hours_per_s: number): TargetTime {
  return {
    phases: 'rehearsal',
    seconds_per_hour: 1 / hours_per_s,
    interval_s: 1,
    feed_slack: 5,
    window_s: 6,
    progress_deadline_s: 30,
    scale_down_s: 5,
  };
}
