import { accuracyOf, type GateInPlan, gatesOf, latencyOf, phasesOf } from '../../core/evidence.ts';
import { decideOutcome } from '../../core/outcome.ts';
import type { AnalysisPhase, AnalysisRunSeen, MetricSeen, Sample, Timeline } from '../../core/timeline.ts';
import type { Verdict, VerdictBacktest } from '../../core/verdict.ts';
import type { ReportExtras } from './report.ts';

/**
 * A rehearsal that never ran, in the shape and size of a real one: for tests of the report and of the terminal, and for looking at them
 * without a lab. `slow` aborts at 10 %; `good` is promoted.
 */
export type Example = { verdict: Verdict; timeline: Timeline; extras: ReportExtras };

const START_MS = Date.UTC(2026, 0, 15, 9, 30);
const HOURS_PER_S = 14.6;
const names = ['shadow', 'ramp-10', 'ramp-25', 'ramp-50', 'ramp-75', 'ramp-100'];
const phases = names.map((name, i) => ({
  name,
  weight_percent: Number(name.split('-')[1] ?? 0),
  hours: i === 0 ? 336 : 24,
  analysis_step: 2 + 3 * i,
}));

type GateRow = [name: string, reason: string, title: string, unit: string, threshold: number, value: number];
const gateRows: GateRow[] = [
  [
    'accuracy',
    'its forecasts are proven worse',
    'lower bound of the extra error at most 0.01',
    'of mean error',
    0.01,
    -0.31,
  ],
  ['parity', 'its pods serve other forecasts', 'no recomputed forecast differs', 'share', 0, 0],
  ['pair-coverage', 'too few pairs', 'both versions forecast at least 95 % of station-hours', 'share', 0.95, 0.998],
  ['latency', 'it answers too slowly', "p99 at most 100 ms above the stable's", 'ms', 100, 1.4],
  ['errors', 'too many of its requests fail', 'failed requests at most 1 point above', 'share', 0.01, 0],
  ['memory', 'its memory keeps growing', 'grows at most 50 MB per window more', 'MB per window', 50, 3],
];
const gates: GateInPlan[] = gateRows.map(([name, reason, title, unit, threshold]) => ({
  ...{ name, reason, titles: { [threshold]: title }, unit, threshold },
  kind: name === 'accuracy' ? 'evidence' : 'serving',
}));

/** A repeatable wobble in [-1, 1]. */
const wobble = (i: number) => Math.sin(i * 12.9898) * Math.cos(i * 4.1414);

const endHour = (i: number) => phases.slice(0, i + 1).reduce((sum, { hours }) => sum + hours, 0);
const secondOf = (hour: number) => 4 + hour / HOURS_PER_S + Math.max(0, hour - 336) / 30;
const iso = (second: number) => new Date(START_MS + second * 1000).toISOString();

export function exampleOf(scenario: 'good' | 'slow'): Example {
  const reached = scenario === 'good' ? 6 : 2;
  const end_hour = scenario === 'good' ? 456 : 349;
  const end_s = secondOf(end_hour) + 0.6;
  const timeline: Timeline = {
    rollout: 'forecast',
    started_at: iso(0),
    stable_hash: '6d5f8c9b7',
    canary_hash: '7c9d4f6b8',
    phases,
    waits: [],
    events: events(reached),
    runs: phases.slice(0, reached).map((_, i) => run(i, scenario === 'slow' && i === 1)),
    samples: samples(scenario, end_s),
    end: {
      at: iso(end_s),
      hour: end_hour,
      kind: scenario === 'good' ? 'promoted' : 'aborted',
      message: '',
      step: phases[reached - 1]?.analysis_step ?? null,
      weight_percent: scenario === 'good' ? 100 : 0,
    },
  };
  return { timeline, verdict: verdictOf(timeline, scenario, end_s), extras: extrasOf(scenario) };
}

function events(reached: number): Timeline['events'] {
  return phases.slice(0, reached).flatMap((phase, i) => {
    const hour = i === 0 ? 0 : endHour(i - 1);
    const at = iso(secondOf(hour));
    const step = i === 0 ? 0 : phase.analysis_step - 1;
    const base = { at, hour, step, weight_percent: phase.weight_percent };
    const weight = { ...base, kind: 'weight' as const, text: `${phase.weight_percent} % of stations to the candidate` };
    return [{ ...base, kind: 'step' as const, text: `step ${step}, ${phase.name}` }, ...(i > 0 ? [weight] : [])];
  });
}

function run(i: number, slow: boolean): AnalysisRunSeen {
  const from = secondOf(i === 0 ? 0 : endHour(i - 1)) + 0.5;
  const to = slow ? from + 1.5 : secondOf(endHour(i));
  const metrics = gateRows.map((row) => metric(row, from, to, slow && row[0] === 'latency'));
  const phase = slow ? 'Failed' : 'Successful';
  return { name: `forecast-7c9d4f6b8-2-${i}`, step: phases[i]?.analysis_step ?? null, phase, message: '', metrics };
}

function metric([name, , , , , usual]: GateRow, from: number, to: number, fails: boolean): MetricSeen {
  const total = Math.max(3, Math.round((to - from) / 0.5));
  const measurements = Array.from({ length: total }, (_, index) => {
    const is_bad = fails && index === total - 1;
    const waits = name === 'accuracy' && index < total - 1;
    const outcome: AnalysisPhase = is_bad ? 'Failed' : waits ? 'Inconclusive' : 'Successful';
    const value = is_bad ? 152.7 : waits ? null : usual * (1 + 0.2 * wobble(index + from));
    const at = iso(from + ((to - from) * index) / Math.max(1, total - 1));
    return { index, at, phase: outcome, value, raw: value === null ? '[]' : `[${value}]`, message: '' };
  });
  return {
    ...{ name, message: fails ? 'failed (1) > failureLimit (0)' : '', taken: total, measurements },
    phase: fails ? 'Failed' : 'Successful',
    query: `histogram_quantile(0.99, sum by (le) (rate(${name}_bucket{pod_hash="7c9d4f6b8",purpose!="pair"}[5s])))`,
    ...{ consecutive_good: total, consecutive_needed: 1 },
  };
}

function samples(scenario: 'good' | 'slow', end_s: number): Sample[] {
  return Array.from({ length: Math.floor(end_s / 0.5) }, (_, i) => {
    const second = i * 0.5;
    const hour = Math.max(0, Math.min(456, (second - 4) * HOURS_PER_S));
    const phase = phases.findLast((_phase, k) => k === 0 || second >= secondOf(endHour(k - 1)));
    const n = Math.floor(hour - 30);
    const margin = n >= 24 ? 2.4 / Math.sqrt(n) : null;
    const mean = -0.19 + 0.3 * wobble(i) * (1 / Math.sqrt(Math.max(n, 1)));
    const slow = scenario === 'slow' && (phase?.weight_percent ?? 0) > 0;
    const weight_percent = phase?.weight_percent ?? 0;
    return {
      ...{ at: iso(second), hour: Math.round(hour), step: phase?.analysis_step ?? null, weight_percent },
      stations_exposed: Math.round((115 * weight_percent) / 100),
      values: {
        accuracy_hours: Math.max(0, n),
        ...(n > 0 ? { mae_stable: 1.02, mae_canary: 1.02 + mean, accuracy_mean: mean } : {}),
        ...(margin === null ? {} : { accuracy_lower: mean - margin, accuracy_upper: mean + margin, safe_upper: mean }),
        latency_ms_p99_stable: second < 5 ? null : 9 + 2 * wobble(i),
        latency_ms_p99_canary: second < 6 ? null : (slow ? 162 : 11) + 2.5 * wobble(i + 7),
        memory_bytes_stable: 212e6 + 4e6 * wobble(i),
        memory_bytes_canary: 268e6 + 5e6 * wobble(i + 3) + 2e5 * i,
      },
    };
  });
}

const backtest: VerdictBacktest = {
  verdict: 'win',
  days: 120,
  mean: -0.19,
  margin: 0.021,
  sentence:
    "Over 120 days the candidate's error was 19.0 % lower than the stable's (between 16.9 % and 21.1 % lower, at 99.5 % certainty): it is proven at least 15 % better.",
  arms: [],
};

function verdictOf(timeline: Timeline, scenario: string, total: number): Verdict {
  const digest = (hex: string) => `sha256:${hex.repeat(64).slice(0, 64)}`;
  return {
    ...decideOutcome({ backtest, gates, timeline }),
    scenario,
    release: { stable: digest('1f3a'), candidate: digest('9c07') },
    phases: phasesOf(timeline),
    gates: gatesOf(timeline, gates),
    backtest,
    arms: null,
    accuracy: accuracyOf(timeline),
    latency_ms_p99: latencyOf(timeline),
    timings_s: { lab_ready: 5.7, total: total + 11, breach_to_zero_weight: scenario === 'slow' ? 1.9 : null },
    versions: {
      'kube-apiserver': 'v1.34.4',
      'argo-rollouts': 'v1.10.0',
      prometheus: '3.16.0',
      envoy: '1.40.0',
      node: 'v22.23.3',
    },
  };
}

function extrasOf(scenario: string): ReportExtras {
  return {
    generated_at: iso(60),
    gates,
    accepted_loss: false,
    daily_loss_ratio: Array.from({ length: 120 }, (_, d) => ({
      day: new Date(Date.UTC(2016, 3, 1 + d)).toISOString().slice(0, 10),
      ratio: 0.81 + 0.12 * wobble(d),
    })),
    plan_text: 'service: forecast\nphases:\n  - shadow: 100%\n    for: 14d\n  - ramp: 10%\n    for: 7d\n',
    telemetry: {
      name: 'SimBench load series',
      stations: 115,
      notice: 'Contains information from SimBench, made available under ODbL 1.0',
    },
    replay: { hours_per_s: 15, achieved_hours_per_s: HOURS_PER_S, held_s: 3.2, behind_s: 0.4, sent: 5210, failed: 0 },
    breach: scenario === 'slow' ? { gate: 'latency', seconds: 1.9, ended: 'weight' } : null,
    machine: '2 cores, 24 GiB',
  };
}
