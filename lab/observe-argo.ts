import type { AnalysisPhase, AnalysisRunSeen, Measurement, MetricSeen } from '../core/timeline.ts';
import { POD_HASH_LABEL } from '../core/workload.ts';

/** What a Rollout says of itself, as far as a follower cares. */
export type RolloutSeen = {
  phase: string;
  message: string;
  step: number | null;
  weight_percent: number;
  aborted: boolean;
  pause_reasons: string[];
  stable_hash: string;
  current_hash: string;
};

type Fields = Record<string, unknown>;

/** Absent fields are the zero values that Go leaves out. */
const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {});
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const count = (value: unknown): number => (typeof value === 'number' ? value : 0);

export function parseRollout(raw: unknown): RolloutSeen {
  const status = fields(fields(raw).status);
  const weights = fields(fields(status.canary).weights);
  return {
    phase: text(status.phase),
    message: text(status.message),
    step: typeof status.currentStepIndex === 'number' ? status.currentStepIndex : null,
    weight_percent: count(fields(weights.canary).weight),
    aborted: status.abort === true,
    pause_reasons: list(status.pauseConditions).map((condition) => text(fields(condition).reason)),
    stable_hash: text(status.stableRS),
    current_hash: text(status.currentPodHash),
  };
}

export type RunOfRelease = { pod_hash: string; run: AnalysisRunSeen };

export function parseRun(raw: unknown): RunOfRelease {
  const { metadata, spec, status } = fields(raw);
  const labels = fields(fields(metadata).labels);
  const specs = new Map(list(fields(spec).metrics).map((metric) => [text(fields(metric).name), fields(metric)]));
  const step = /^\d+$/.test(text(labels['step-index'])) ? Number(labels['step-index']) : null;
  const results = list(fields(status).metricResults).map(fields);
  const run: AnalysisRunSeen = {
    name: text(fields(metadata).name),
    step,
    phase: phaseOf(fields(status).phase),
    message: text(fields(status).message),
    metrics: results.map((result) => parseMetric(result, specs.get(text(result.name)) ?? {})),
  };
  return { pod_hash: text(labels[POD_HASH_LABEL]), run };
}

function parseMetric(result: Fields, spec: Fields): MetricSeen {
  const visible = list(result.measurements).map(fields).filter(isCompleted);
  const taken = count(result.successful) + count(result.failed) + count(result.inconclusive) + count(result.error);
  // Argo keeps the latest ten, so the first one that is visible is this far from the beginning.
  const first = Math.max(0, taken - visible.length);
  return {
    name: text(result.name),
    phase: phaseOf(result.phase),
    message: text(result.message),
    query: text(fields(result.metadata).ResolvedPrometheusQuery) || null,
    consecutive_good: count(result.consecutiveSuccess),
    consecutive_needed: Number(spec.consecutiveSuccessLimit ?? 0),
    taken: Math.max(taken, visible.length),
    measurements: visible.map((measurement, i) => parseMeasurement(measurement, first + i)),
  };
}

function isCompleted({ phase }: Fields): boolean {
  return phase !== 'Running' && phase !== 'Pending' && phase !== '' && phase !== undefined;
}

function parseMeasurement(measurement: Fields, index: number): Measurement {
  const raw = text(measurement.value);
  return {
    index,
    at: isoOf(text(measurement.finishedAt) || text(measurement.startedAt)),
    phase: phaseOf(measurement.phase),
    value: parseValue(raw),
    raw,
    message: text(measurement.message),
  };
}

/** Argo writes `2026-01-01T00:00:00Z`; everything else of a timeline has milliseconds. */
function isoOf(time: string): string {
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) throw new RangeError(`an AnalysisRun has a measurement with the time "${time}"`);
  return new Date(ms).toISOString();
}

/** `[0.25]` or `0.25`; null for no value, several, NaN and infinite. */
export function parseValue(raw: string): number | null {
  const [first = '', ...more] = raw.replace(/^\[|\]$/g, '').split(',');
  const value = more.length > 0 || first.trim() === '' ? Number.NaN : Number(first);
  return Number.isFinite(value) ? value : null;
}

const phases: readonly AnalysisPhase[] = ['Pending', 'Running', 'Successful', 'Failed', 'Error', 'Inconclusive'];

function phaseOf(value: unknown): AnalysisPhase {
  return phases.find((phase) => phase === value) ?? 'Pending';
}
