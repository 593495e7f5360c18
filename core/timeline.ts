import type { ArmStanding } from './judge/winner.ts';

/**
 * What was seen of one rollout, from the candidate's apply to its end; JSON-serialisable, every list in order of time.
 * Times are ISO 8601 with milliseconds, of the machine that watched; `hour` is the domain hour the replay had reached.
 */
export type Timeline = {
  rollout: string;
  started_at: string;
  stable_hash: string;
  /** Null until the controller has taken the candidate up. */
  canary_hash: string | null;
  phases: PlannedPhase[];
  /** Steps at which the release waits between its phases, for a person or the end of a freeze. */
  waits: PlannedWait[];
  events: TimelineEvent[];
  runs: AnalysisRunSeen[];
  samples: Sample[];
  end: TimelineEnd;
  /** How the arms stood at the end; absent where the release has one. */
  arms?: ArmStanding[];
  /** Gates that Prometheus showed harmful when the controller aborted, whether or not it had measured that; absent if it was not asked. */
  harmful_at_end?: { gate: string; value: number }[];
};

/** One phase of the plan as the Rollout carries it: it lasts from the step after the previous phase's analysis through its own. */
export type PlannedPhase = {
  name: string;
  weight_percent: number;
  hours: number;
  /** Index of the phase's analysis among the Rollout's steps. */
  analysis_step: number;
};

/** `name`: "hold-1"; `step`: its index among the Rollout's steps; `reason`: what a person decides there. */
export type PlannedWait = { name: string; step: number; reason: string };

export type TimelineEvent = {
  at: string;
  hour: number | null;
  kind: 'step' | 'weight' | 'rollout' | 'analysis' | 'prometheus' | 'note';
  /** The step and the canary's weight after the event. */
  step: number | null;
  weight_percent: number | null;
  text: string;
};

export const sampleKeys = [
  'accuracy_hours',
  /** Mean D(0) and its anytime-valid bounds, in units of the stations' usual error. */
  'accuracy_mean',
  'accuracy_lower',
  'accuracy_upper',
  /** Upper bound of D(0.05): below −δ the guard itself says safe. */
  'safe_upper',
  /** One-sided error probability of each of these bounds: an arm's share. */
  'guard_alpha',
  'mae_stable',
  'mae_canary',
  'latency_ms_p99_stable',
  'latency_ms_p99_canary',
  'memory_bytes_stable',
  'memory_bytes_canary',
] as const;
export type SampleKey = (typeof sampleKeys)[number];

export type Sample = {
  at: string;
  hour: number | null;
  step: number | null;
  weight_percent: number | null;
  /** Stations that the canary has answered so far. */
  stations_exposed: number | null;
  values: Partial<Record<SampleKey, number | null>>;
};

export type AnalysisPhase = 'Pending' | 'Running' | 'Successful' | 'Failed' | 'Error' | 'Inconclusive';

export type AnalysisRunSeen = {
  name: string;
  /** Null of the run that looks on in the background, whatever the step. */
  step: number | null;
  phase: AnalysisPhase;
  message: string;
  metrics: MetricSeen[];
};

export type MetricSeen = {
  name: string;
  phase: AnalysisPhase;
  message: string;
  /** The query with its arguments filled in; null until the first measurement. */
  query: string | null;
  consecutive_good: number;
  consecutive_needed: number;
  /** Every measurement taken so far, as the controller counts them; more than `measurements` holds where some were never seen. */
  taken: number;
  measurements: Measurement[];
};

export type Measurement = {
  /** Position among all measurements of the metric, from 0: Argo's times have whole seconds, so they name none. */
  index: number;
  at: string;
  phase: AnalysisPhase;
  /** The one value; null for none, several, NaN and infinite. */
  value: number | null;
  /** As the controller wrote it: `[NaN]`, `[]`, `[0.1,0.2]`. */
  raw: string;
  message: string;
};

export type TimelineEnd = {
  at: string;
  hour: number | null;
  /** `aborted`: the controller took the candidate back; `paused`: an analysis was inconclusive; `invalid`: the Rollout itself was refused. */
  kind: 'promoted' | 'aborted' | 'paused' | 'invalid' | 'deadline';
  /** What the controller said. */
  message: string;
  step: number | null;
  weight_percent: number | null;
};

/**
 * Merges what is now visible of a run into what was seen of it. Argo retains ten measurements of each metric;
 * its counters say which ones they are, so nothing is taken twice, whatever its time says.
 */
export function mergeRun(seen: AnalysisRunSeen | undefined, now: AnalysisRunSeen): AnalysisRunSeen {
  if (seen === undefined) return now;
  const before = new Map(seen.metrics.map((metric) => [metric.name, metric]));
  const metrics = now.metrics.map((metric) => mergeMetric(before.get(metric.name), metric));
  return { ...now, metrics };
}

function mergeMetric(seen: MetricSeen | undefined, now: MetricSeen): MetricSeen {
  if (seen === undefined) return now;
  const merged = new Map(seen.measurements.map((measurement) => [measurement.index, measurement]));
  for (const measurement of now.measurements) merged.set(measurement.index, measurement);
  return {
    ...now,
    query: now.query ?? seen.query,
    measurements: [...merged.values()].sort((a, b) => a.index - b.index),
  };
}

/** The phase that a step belongs to, a wait to the one after it; steps after the last analysis belong to none. */
export function phaseOfStep(phases: readonly PlannedPhase[], step: number | null): PlannedPhase | undefined {
  return step === null ? undefined : phases.find((phase) => step <= phase.analysis_step);
}

/** What a step belongs to, as sentences call it: a wait or a phase; null after the last one. */
export function placeOfStep({ phases, waits }: Pick<Timeline, 'phases' | 'waits'>, step: number | null): string | null {
  const wait = waits.find((each) => each.step === step);
  if (wait !== undefined) return wait.name;
  const phase = phaseOfStep(phases, step);
  return phase === undefined ? null : phaseLabel(phase);
}

/** "shadow", "ramp 10 %": how a phase is called in sentences. */
export function phaseLabel({ name, weight_percent }: Pick<PlannedPhase, 'name' | 'weight_percent'>): string {
  if (weight_percent === 0 || /%/.test(name)) return name;
  return `${name.replace(new RegExp(`[-_ ]?${weight_percent}$`), '')} ${weight_percent} %`.trim();
}

/** The last value of a key that was a number. */
export function lastValue(samples: readonly Sample[], key: SampleKey): number | null {
  return samples.findLast((sample) => typeof sample.values[key] === 'number')?.values[key] ?? null;
}
