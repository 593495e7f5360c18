import type { Gate } from './gate.ts';
import {
  type AnalysisRunSeen,
  lastValue,
  type MetricSeen,
  type PlannedPhase,
  phaseLabel,
  placeOfStep,
  type SampleKey,
  type Timeline,
} from './timeline.ts';
import type { Verdict, VerdictGate, VerdictPhase } from './verdict.ts';

/** A gate as the plan applies it: plain data, for the evidence keeps it as JSON. */
export type GateInPlan = Pick<Gate, 'name' | 'reason' | 'unit' | 'kind'> & {
  /** What is good, in words, by each limit that the plan gives it. */
  titles: Record<string, string>;
  threshold: number;
  /** Limits of single phases, by the phase's name, where they differ. */
  thresholds?: Record<string, number>;
  /** The loosest of them all, by which the run in the background judges; absent: they are one. */
  loosest?: number;
};

/** The limit that a run judged by. */
export function limitOf(
  { threshold, thresholds = {}, loosest = threshold }: GateInPlan,
  timeline: Timeline,
  run: AnalysisRunSeen,
): number {
  if (run.step === null) return loosest;
  const phase = timeline.phases.find(({ analysis_step }) => analysis_step === run.step);
  return (phase === undefined ? undefined : thresholds[phase.name]) ?? threshold;
}

/** What a run judged, as sentences call it; of the run in the background where it ended the release, the place where it did. */
export function labelOf(timeline: Timeline, run: AnalysisRunSeen): string {
  if (run.step !== null) return placeOfStep(timeline, run.step) ?? run.name;
  const harmed = run.metrics.some(({ phase }) => phase === 'Failed' || phase === 'Error');
  return (harmed ? placeOfStep(timeline, timeline.end.step) : null) ?? 'all waits';
}

export function runOfPhase(timeline: Timeline, phase: PlannedPhase): AnalysisRunSeen | undefined {
  return timeline.runs.findLast((run) => run.step === phase.analysis_step);
}

/** Live accuracy at the end of the timeline, as `VerdictAccuracy` defines it. */
export function accuracyOf({ samples }: Pick<Timeline, 'samples'>): Verdict['accuracy'] {
  const value = (key: SampleKey) => lastValue(samples, key);
  const stable = value('mae_stable');
  const canary = value('mae_canary');
  const scaled = (bound: number | null) =>
    bound === null || stable === null || stable <= 0 ? null : 1 + bound / stable;
  return {
    mae_ratio: stable === null || canary === null || stable <= 0 ? null : canary / stable,
    lower: scaled(value('accuracy_lower')),
    upper: scaled(value('accuracy_upper')),
    hours: value('accuracy_hours') ?? 0,
  };
}

export function latencyOf({ samples }: Pick<Timeline, 'samples'>): Verdict['latency_ms_p99'] {
  return {
    stable: lastValue(samples, 'latency_ms_p99_stable'),
    canary: lastValue(samples, 'latency_ms_p99_canary'),
  };
}

export function phasesOf(timeline: Timeline): VerdictPhase[] {
  const isWait = (step: number) => timeline.waits.some((wait) => wait.step === step);
  return timeline.phases.map((phase, index) => {
    const first_step = index === 0 ? 0 : (timeline.phases[index - 1]?.analysis_step ?? -1) + 1;
    const steps = timeline.events.filter((event) => event.kind === 'step' && event.step !== null);
    const start = steps.find(({ step }) => step !== null && step >= first_step && !isWait(step));
    const next = steps.find(({ step }) => step !== null && step > phase.analysis_step);
    const end = next ?? timeline.end;
    const hours = start ? (end.hour ?? 0) - (start.hour ?? 0) : 0;
    return {
      name: phaseLabel(phase),
      weight_percent: phase.weight_percent,
      started_at: start?.at ?? null,
      ended_at: start ? end.at : null,
      hours: Math.max(0, hours),
      outcome: start ? phaseOutcome(timeline, phase, next !== undefined) : 'not reached',
    };
  });
}

function phaseOutcome(timeline: Timeline, phase: PlannedPhase, left: boolean): VerdictPhase['outcome'] {
  const run = runOfPhase(timeline, phase);
  if (run?.phase === 'Successful') return 'passed';
  if (run?.metrics.some((metric) => metric.phase === 'Failed')) return 'failed';
  if (timeline.end.kind === 'aborted' && run?.phase !== 'Error' && !left) return 'failed';
  return 'inconclusive';
}

export function gatesOf(timeline: Timeline, gates: readonly GateInPlan[]): VerdictGate[] {
  return timeline.runs.flatMap((run) =>
    run.metrics.map((metric) => {
      const gate = gates.find(({ name }) => name === metric.name);
      const outcome = gateOutcome(run, metric);
      return {
        name: metric.name,
        phase: labelOf(timeline, run),
        outcome,
        message: metric.message || (outcome === 'running' ? 'the phase ended before it was settled' : ''),
        threshold: gate === undefined ? null : limitOf(gate, timeline, run),
        unit: gate?.unit ?? '1',
        measurements: metric.measurements
          .filter(({ phase }) => phase !== 'Pending' && phase !== 'Running')
          .map(({ at, value, phase }) => ({ at, value, outcome: measurementOutcomes[phase] })),
      };
    }),
  );
}

const measurementOutcomes = {
  Successful: 'good',
  Failed: 'harmful',
  Inconclusive: 'inconclusive',
  Error: 'error',
  Pending: 'inconclusive',
  Running: 'inconclusive',
} as const;

/** Argo calls every metric of a run that it terminates Successful; only enough good measurements in a row pass. */
function gateOutcome(run: AnalysisRunSeen, metric: MetricSeen): VerdictGate['outcome'] {
  if (metric.phase === 'Failed') return 'failed';
  if (metric.phase === 'Error') return 'error';
  if (metric.phase === 'Inconclusive') return 'inconclusive';
  const enough = metric.consecutive_good >= metric.consecutive_needed || run.phase === 'Successful';
  return metric.phase === 'Successful' && enough ? 'passed' : 'running';
}
