import type { IAnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/AnalysisTemplate';
import { formatSeconds } from '../duration.ts';
import type { Gate, GateContext } from '../gate.ts';
import { loosestThreshold, type Plan, type PlanPhase, thresholdIn } from '../plan.ts';
import { conditions, ERRORS_FORGIVEN, LEAST_GRACE } from './conditions.ts';
import { metadataOf } from './metadata.ts';
import { type TimedPhase, timedPhases } from './phases.ts';
import { apartCounts } from './stations.ts';
import type { Target } from './target.ts';
import { hasWaits, thawTemplate } from './waits.ts';

type Metric = NonNullable<IAnalysisTemplate['spec']['metrics']>[number];

/** Arguments of every template: the two versions, by the hash that Argo puts on their pods. */
export const hashArgs = { canary: 'canary-hash', stable: 'stable-hash' } as const;

/** Most measurements of one phase, so that a long phase is looked at less often rather than without bound. */
const MOST_LOOKS = 4096;

/** The largest number that Argo's counters hold. */
const WITHOUT_END = 2 ** 31 - 1;

export function templateName({ service }: Plan, { name }: Pick<PlanPhase, 'name'>): string {
  return `${service}-${name}`;
}

export function templateArgs() {
  return [
    { name: hashArgs.canary, valueFrom: { podTemplateHashValue: 'Latest' as const } },
    { name: hashArgs.stable, valueFrom: { podTemplateHashValue: 'Stable' as const } },
  ];
}

/** Name of the template that looks on while a release waits between its phases. */
export function watchName({ service }: Plan): string {
  return `${service}-watch`;
}

/** One template per phase: phases differ in duration and in the hours they must have judged. One more where the release waits between them. */
export function analysisTemplates(plan: Plan, gates: readonly Gate[], target: Target): IAnalysisTemplate[] {
  const template = (name: string, metrics: Metric[]): IAnalysisTemplate => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: metadataOf(plan, target, name),
    spec: { args: [{ name: hashArgs.canary }, { name: hashArgs.stable }], metrics },
  });
  const phases = timedPhases(plan, target).map((phase) => {
    const judging = gates.filter(({ only }) => only === undefined || only === phase.kind);
    const metrics = judging.map((gate) => {
      const threshold = thresholdIn(plan, gate, phase);
      return gateMetric(plan, { ...gate, threshold }, phase, target, looks(gate, phase, target));
    });
    return template(templateName(plan, phase), metrics);
  });
  const watch = hasWaits(plan) ? [template(watchName(plan), watchMetrics(plan, gates, target))] : [];
  return [...phases, ...watch, ...(plan.freezes.length > 0 ? [thawTemplate(plan, target)] : [])];
}

/**
 * Every gate that says the same at every weight, looking for harm alone. A metric without a count goes on until the controller ends its run,
 * which it does with the release; and nothing that it cannot judge may ever end it. It looks on through every phase, so it has the loosest limit of
 * them all, and forgives in all what every phase forgives.
 */
function watchMetrics(plan: Plan, gates: readonly Gate[], target: Target): Metric[] {
  const phases = timedPhases(plan, target);
  const last = phases.at(-1);
  if (last === undefined) return [];
  return gates
    .filter(({ only }) => only === undefined)
    .map((gate) => {
      const limits = { failureLimit: gate.forgiven * phases.length, consecutiveErrorLimit: ERRORS_FORGIVEN };
      const looks = { interval: formatSeconds(target.time.interval_s), ...limits, inconclusiveLimit: WITHOUT_END };
      return gateMetric(plan, { ...gate, threshold: loosestThreshold(plan, gate) }, last, target, looks);
    });
}

function gateMetric(plan: Plan, gate: Gate, phase: TimedPhase, target: Target, looks: Partial<Metric>): Metric {
  const { threshold } = gate;
  const query = gate.query({ ...gateContext(plan, phase, target), threshold });
  return {
    name: gate.name,
    ...conditions(gate, threshold),
    ...looks,
    provider: { prometheus: { address: target.prometheus_url, query } },
  };
}

function gateContext(
  { judge }: Plan,
  { min_hours, age_hours, weights }: TimedPhase,
  { time, backtested, stations }: Target,
): Omit<GateContext, 'threshold'> {
  return {
    canary: `pod_hash="{{args.${hashArgs.canary}}}"`,
    stable: `pod_hash="{{args.${hashArgs.stable}}}"`,
    window: formatSeconds(time.window_s),
    min_hours,
    age_hours,
    weights,
    apart: apartCounts(stations),
    backtested,
    accepted_loss: judge.accepted_loss !== null,
  };
}

/**
 * How often a gate is measured, and when its phase is decided. A serving gate must be good for the whole phase without a break; a break
 * (Prometheus restarts: an error or an empty result ends the row) starts it again, once. Evidence passes at its first good value, which
 * its query withholds until enough hours are judged. Whatever does not get there in time is inconclusive: the release waits for a person.
 */
export function looks({ kind, forgiven }: Pick<Gate, 'kind' | 'forgiven'>, { seconds }: TimedPhase, { time }: Target) {
  const interval_s = Math.max(time.interval_s, Math.ceil(seconds / MOST_LOOKS));
  const phase_looks = Math.max(2, Math.round(seconds / interval_s));
  const grace = Math.max(LEAST_GRACE, Math.ceil(phase_looks / 4));
  const evidence_looks = Math.max(phase_looks + LEAST_GRACE, Math.ceil(phase_looks * time.feed_slack));
  return {
    interval: formatSeconds(interval_s),
    failureLimit: forgiven,
    consecutiveErrorLimit: ERRORS_FORGIVEN,
    ...(kind === 'serving'
      ? { count: 2 * phase_looks + grace, consecutiveSuccessLimit: phase_looks, inconclusiveLimit: grace }
      : { count: evidence_looks, consecutiveSuccessLimit: 1, inconclusiveLimit: evidence_looks }),
  };
}
