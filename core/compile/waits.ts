import type { IAnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/AnalysisTemplate';
import { formatSeconds } from '../duration.ts';
import { frozenWindows } from '../freeze.ts';
import type { Gate } from '../gate.ts';
import { isJudged } from '../plan-steps.ts';
import type { Plan, PlanStep } from '../plan-types.ts';
import { conditions, ERRORS_FORGIVEN, LEAST_GRACE } from './conditions.ts';
import { metadataOf } from './metadata.ts';
import type { Target } from './target.ts';

/** Seconds since 1970: from the first moment up to the first one after it. */
type Span = { from_s: number; to_s: number };

/** The steps that the controller carries out: up to the last ramp. What comes after it is for the calendar, the retirement and the assessment. */
export function controlledSteps({ steps }: Pick<Plan, 'steps'>): PlanStep[] {
  return steps.slice(0, steps.findLastIndex(isJudged) + 1).filter((step) => isJudged(step) || step.kind === 'hold');
}

/** Whether a release ever waits between two phases, where no phase's analysis looks at it. */
export function hasWaits(plan: Pick<Plan, 'steps' | 'freezes'>): boolean {
  return plan.freezes.length > 0 || controlledSteps(plan).some(({ kind }) => kind === 'hold');
}

/** Name of the template that waits for the end of a freeze. */
export function thawName({ service }: Pick<Plan, 'service'>): string {
  return `${service}-thaw`;
}

/** Good outside of every freeze, and never harmful. */
export const freezeGate: Pick<Gate, 'name' | 'reason' | 'title' | 'unit' | 'threshold' | 'kind' | 'good' | 'harmful'> =
  {
    name: 'freeze',
    reason: 'the plan allows no step now',
    title: () => 'no freeze of the plan covers this moment',
    unit: 'freezes',
    threshold: 0,
    kind: 'evidence',
    harmful: () => 'false',
    good: (threshold) => `x == ${threshold}`,
  };

/**
 * Passes at its first measurement outside of the plan's freezes, and may be measured for as long as all of them last. A rehearsal asks the
 * same of windows without length: its time is not the calendar's.
 */
export function thawTemplate(plan: Plan, target: Target): IAnalysisTemplate {
  const spans = spansOf(plan).map((span) => (target.time.phases === 'rehearsal' ? { from_s: 0, to_s: 0 } : span));
  const frozen_s = spans.reduce((sum, { from_s, to_s }) => sum + to_s - from_s, 0);
  const looks = Math.ceil(frozen_s / target.time.interval_s) + LEAST_GRACE;
  const metric = {
    name: freezeGate.name,
    ...conditions(freezeGate, freezeGate.threshold),
    interval: formatSeconds(target.time.interval_s),
    failureLimit: 0,
    consecutiveErrorLimit: ERRORS_FORGIVEN,
    ...{ count: looks, consecutiveSuccessLimit: 1, inconclusiveLimit: looks },
    provider: { prometheus: { address: target.prometheus_url, query: freezePromql(spans) } },
  };
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'AnalysisTemplate',
    metadata: metadataOf(plan, target, thawName(plan)),
    spec: { metrics: [metric] },
  };
}

/** How many of the spans cover the moment of the query, as PromQL. */
export function freezePromql(spans: readonly Span[]): string {
  const covering = spans.map(({ from_s, to_s }) => `(time() >= bool ${from_s}) * (time() < bool ${to_s})`);
  return `vector(${covering.join(' + ')})`;
}

function spansOf({ freezes }: Plan): Span[] {
  return frozenWindows(freezes).map(({ from_ms, to_ms }) => ({ from_s: from_ms / 1000, to_s: to_ms / 1000 }));
}
