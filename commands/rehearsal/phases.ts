import { timedPhases } from '../../core/compile/phases.ts';
import { rolloutSteps } from '../../core/compile/rollout.ts';
import type { Target } from '../../core/compile/target.ts';
import { freezeGate } from '../../core/compile/waits.ts';
import type { Plan } from '../../core/plan.ts';
import type { PlannedPhase, PlannedWait } from '../../core/timeline.ts';

/** The phases as the compiled Rollout carries them out: each ends with its one analysis. */
export function plannedPhases(plan: Plan, target: Target): PlannedPhase[] {
  const steps = rolloutSteps(plan, target);
  return timedPhases(plan, target).map(({ name, weight_percent, hours }) => {
    const analysis_step = steps.findIndex((each) => each.name === name && 'analysis' in each.step);
    if (analysis_step < 0) throw new Error(`phase ${name} has no analysis among the Rollout's ${steps.length} steps`);
    return { name, weight_percent, hours, analysis_step };
  });
}

/** Where the compiled Rollout waits, for a person or for the end of a freeze. */
export function plannedWaits(plan: Plan, target: Target): PlannedWait[] {
  return rolloutSteps(plan, target).flatMap(({ name }, step) => {
    const own = plan.steps.find((each) => each.name === name);
    if (own === undefined) return [{ name, step, reason: freezeGate.title(freezeGate.threshold) }];
    return own.kind === 'hold' ? [{ name, step, reason: own.reason }] : [];
  });
}
