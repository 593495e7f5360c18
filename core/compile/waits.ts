import { isJudged } from '../plan-steps.ts';
import type { Plan, PlanStep } from '../plan-types.ts';

/** The steps that the controller carries out: up to the last ramp. What comes after it is for the calendar, the retirement and the assessment. */
export function controlledSteps({ steps }: Pick<Plan, 'steps'>): PlanStep[] {
  return steps.slice(0, steps.findLastIndex(isJudged) + 1).filter((step) => isJudged(step) || step.kind === 'hold');
}

/** Whether a release ever waits between two phases, where no phase's analysis looks at it. */
export function hasWaits(plan: Pick<Plan, 'steps'>): boolean {
  return controlledSteps(plan).some(({ kind }) => kind === 'hold');
}
