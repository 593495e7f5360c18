import { timedPhases } from '../../core/compile/phases.ts';
import { rollout } from '../../core/compile/rollout.ts';
import type { Target } from '../../core/compile/target.ts';
import type { Plan } from '../../core/plan.ts';
import type { PlannedPhase } from '../../core/timeline.ts';

/** The phases as the compiled Rollout carries them out: each ends with its one analysis. */
export function plannedPhases(plan: Plan, target: Target): PlannedPhase[] {
  const steps = rollout(plan, target).spec.strategy?.canary?.steps ?? [];
  const analyses = steps.flatMap((step, index) => ('analysis' in step ? [index] : []));
  return timedPhases(plan, target).map(({ name, weight_percent, hours }, index) => {
    const analysis_step = analyses[index];
    if (analysis_step === undefined)
      throw new Error(`phase ${name} has no analysis among the Rollout's ${steps.length} steps`);
    return { name, weight_percent, hours, analysis_step };
  });
}
