import { accuracyOf, type GateInPlan, labelOf, latencyOf, limitOf, runOfPhase } from './evidence.ts';
import { certainty } from './judge/backtest-sentence.ts';
import { GUARD } from './judge/guard.ts';
import {
  type AnalysisRunSeen,
  lastValue,
  type Measurement,
  type MetricSeen,
  phaseLabel,
  placeOfStep,
  type Timeline,
} from './timeline.ts';
import type { Outcome, VerdictBacktest } from './verdict.ts';

export type Evidence = {
  backtest: VerdictBacktest;
  gates: readonly GateInPlan[];
  /** Null: nothing was released. */
  timeline: Timeline | null;
};

type Decision = { outcome: Outcome; reason: string };

/**
 * The table "Verdict to outcome". Only proof aborts: a harmful gate, or pods that never became ready. An analysis that ended in *errors* (Prometheus
 * did not answer) shows nothing about the release, so its outcome is inconclusive, although Argo takes the candidate back for it as for a failure.
 */
export function decideOutcome({ backtest, gates, timeline }: Evidence): Decision {
  if (backtest.verdict === 'abort')
    return { outcome: 'refused', reason: `The release was refused before it got any traffic: ${backtest.sentence}` };
  if (timeline === null)
    return { outcome: 'inconclusive', reason: 'Nothing was decided: the release was never started.' };
  switch (timeline.end.kind) {
    case 'promoted':
      return decidePromotion(backtest, timeline);
    case 'aborted':
      return decideAbort(timeline, gates);
    case 'paused':
      return { outcome: 'inconclusive', reason: pauseSentence(timeline, gates) };
    case 'invalid':
      return {
        outcome: 'inconclusive',
        reason: `Nothing was decided: the controller refused the Rollout itself (${timeline.end.message}).`,
      };
    case 'deadline':
      return {
        outcome: 'inconclusive',
        reason: `Nothing was decided: the time allowed for the rehearsal ran out ${inPhase(timeline)} (${timeline.end.message}).`,
      };
  }
}

function decidePromotion(backtest: VerdictBacktest, timeline: Timeline): Decision {
  const open = timeline.phases.filter((phase) => runOfPhase(timeline, phase)?.phase !== 'Successful');
  if (open.length > 0) {
    const names = open.map(phaseLabel).join(', ');
    const reason = `Nothing was decided: the controller took the release to all stations, but no passed analysis was seen of ${names}.`;
    return { outcome: 'inconclusive', reason };
  }
  const safe_upper = lastValue(timeline.samples, 'safe_upper');
  const guard_safe = safe_upper !== null && safe_upper < -GUARD.delta;
  if (backtest.verdict === 'continue' || (backtest.verdict === 'none' && !guard_safe)) {
    const reason = `Nothing was decided: every gate passed, but nothing proves the release safe. ${backtest.sentence}`;
    return { outcome: 'inconclusive', reason };
  }
  return {
    outcome: 'promoted',
    reason: `The release was promoted to all stations: ${gainSentence(timeline)}. ${backtest.sentence}`.trim(),
  };
}

function decideAbort(timeline: Timeline, gates: readonly GateInPlan[]): Decision {
  const failed = failingMetric(timeline);
  if (failed) return { outcome: 'aborted', reason: harmSentence(timeline, gates, failed) };
  const errored = firstBad(timeline, 'Error');
  if (errored) {
    const errors = errored.metric.measurements.filter(({ phase }) => phase === 'Error').length;
    const last = errored.metric.measurements.findLast(({ message }) => message !== '')?.message ?? errored.run.message;
    const reason = `Nothing was decided: "${titleOf(timeline, gates, errored)}" could not be measured in phase ${labelOf(timeline, errored.run)} (${errors} errors, the last: ${last || 'not said'}); all traffic went back to the stable version.`;
    return { outcome: 'inconclusive', reason };
  }
  const { message } = timeline.end;
  if (/timed out progressing/i.test(message)) {
    const reason = `The release was aborted ${inPhase(timeline)} because its pods did not become ready in time (${message}).`;
    return { outcome: 'aborted', reason };
  }
  return {
    outcome: 'aborted',
    reason: `The release was aborted ${inPhase(timeline)}: ${message || 'nobody said why'}.`,
  };
}

type Bad = { run: AnalysisRunSeen; metric: MetricSeen };

/** The metric that ended so first: by its last measurement, which is the one that decided. */
function firstBad(timeline: Timeline, phase: 'Failed' | 'Error' | 'Inconclusive'): Bad | undefined {
  const decidedAt = ({ metric }: Bad) => metric.measurements.at(-1)?.at ?? '';
  return timeline.runs
    .flatMap((run) => run.metrics.filter((metric) => metric.phase === phase).map((metric) => ({ run, metric })))
    .sort((a, b) => decidedAt(a).localeCompare(decidedAt(b)))[0];
}

/** The harmful metric that ended the rollout, if one did. */
export function failingMetric(timeline: Timeline): Bad | undefined {
  return firstBad(timeline, 'Failed');
}

/**
 * One harm often shows in several gates, and which of them the controller measures first is chance. The stated reason is the first in the gates'
 * order, where a gate that names a fault stands before one that only sees it; the others follow.
 */
function harmSentence(timeline: Timeline, gates: readonly GateInPlan[], { run, metric }: Bad): string {
  const where = labelOf(timeline, run);
  const harms = new Map((timeline.harmful_at_end ?? []).map(({ gate, value }) => [gate, value as number | null]));
  for (const { name, phase, measurements } of run.metrics)
    if (phase === 'Failed') harms.set(name, measurements.findLast((one) => one.phase === 'Failed')?.value ?? null);
  const [stated, ...others] = gates.filter(({ name }) => harms.has(name));
  if (stated === undefined) return `The release was aborted in phase ${where} because ${metric.name} failed.`;
  const value = harms.get(stated.name) ?? null;
  const measured = value === null ? 'no finite value' : quantity(value, stated.unit);
  const also = others.length > 0 ? ` Also, ${others.map(({ reason }) => reason).join('; ')}.` : '';
  return `The release was aborted in phase ${where} because ${stated.reason} (measured ${measured}, limit ${quantity(limitOf(stated, timeline, run), stated.unit)}).${also}`;
}

function pauseSentence(timeline: Timeline, gates: readonly GateInPlan[]): string {
  const open = firstBad(timeline, 'Inconclusive');
  const weight = timeline.end.weight_percent;
  const rest = `The release waits at ${weight ?? 0} % of stations for a person to look.`;
  if (open === undefined) return `Nothing was decided ${inPhase(timeline)}: ${timeline.end.message}. ${rest}`;
  const { metric, run } = open;
  const unsettled = run.metrics.filter(({ phase }) => phase === 'Inconclusive');
  if (unsettled.every(({ measurements }) => lastValues(measurements).every((value) => value === null)))
    return `Nothing was decided in phase ${labelOf(timeline, run)}: Prometheus had no data to judge by (${unsettled.length} gates, among them "${titleOf(timeline, gates, open)}", were without a value when the phase's time was up). ${rest}`;
  const empty = metric.measurements.filter(({ value }) => value === null).length;
  const good = metric.measurements.filter(({ phase }) => phase === 'Successful').length;
  const seen = `${metric.measurements.length} measurements, ${good} good, ${empty} without a value`;
  const more = unsettled.length > 1 ? `, nor were ${unsettled.length - 1} other gates` : '';
  return `Nothing was decided in phase ${labelOf(timeline, run)}: "${titleOf(timeline, gates, open)}" was not settled in the phase's time (${seen})${more}. ${rest}`;
}

/** A gate may have been good before the data went away: what its last looks had decides what the phase ended on. */
function lastValues(measurements: readonly Measurement[]): (number | null)[] {
  return measurements.slice(-10).map(({ value }) => value);
}

/** What would have been good, with the limit that the run had. */
function titleOf(timeline: Timeline, gates: readonly GateInPlan[], { run, metric }: Bad): string {
  const gate = gates.find(({ name }) => name === metric.name);
  return gate?.titles[limitOf(gate, timeline, run)] ?? metric.name;
}

function gainSentence(timeline: Timeline): string {
  const { mae_ratio, upper, hours } = accuracyOf(timeline);
  const passed = `all ${timeline.phases.length} phases passed`;
  if (mae_ratio === null) return passed;
  const alpha = lastValue(timeline.samples, 'guard_alpha') ?? GUARD.alpha;
  const bound =
    upper === null ? '' : ` (${upper < 1 ? 'at least' : 'at most'} ${lessOrMore(upper)}, ${certainty(alpha)})`;
  const { stable, canary } = latencyOf(timeline);
  const latency =
    stable !== null && canary !== null
      ? `, with a p99 latency of ${quantity(canary, 'ms')} against ${quantity(stable, 'ms')}`
      : '';
  return `${passed}; over ${hours} judged hours ${timeline.arms ? 'the worst of its arms that are on' : 'it'} made ${lessOrMore(mae_ratio)} error than the stable version${bound}${latency}`;
}

/** 0.92 → "8.0 % less". */
export function lessOrMore(ratio: number): string {
  return `${(Math.abs(1 - ratio) * 100).toFixed(1)} % ${ratio <= 1 ? 'less' : 'more'}`;
}

/** A value with its unit as a sentence carries it: three significant digits, shares as percentages. */
export function quantity(value: number, unit: string): string {
  if (!Number.isFinite(value)) return String(value);
  if (unit === 'share') return quantity(100 * value, '%');
  const rounded = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
  const text = Math.abs(rounded) >= 1e9 ? rounded.toExponential(2) : String(rounded);
  return unit === '1' || unit === '' ? text : `${text} ${unit}`;
}

function inPhase(timeline: Timeline): string {
  const place = placeOfStep(timeline, timeline.end.step);
  return place === null ? 'after the last phase' : `in phase ${place}`;
}
