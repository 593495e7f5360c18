import type { Plan, Retirement } from '../plan-types.ts';

/** What somebody approved to go. */
export function retiredIn({ steps }: Pick<Plan, 'steps'>): Retirement[] {
  return steps.flatMap((step) => (step.kind === 'retire' && step.approved_by !== null ? [step] : []));
}
