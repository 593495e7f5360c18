import { timedPhases } from '../compile/phases.ts';
import { canaryPods } from '../compile/rollout.ts';
import { productionTime } from '../compile/target.ts';
import { formatHours } from '../duration.ts';
import type { Plan } from '../plan.ts';
import type { Effect, PlanChange } from './change.ts';

/** The most pods at once, for how long, and how that compares with the stable's own. */
export function peakOf(plan: Plan): { pods: number; times: number; hours: number } {
  const phases = timedPhases(plan, { time: productionTime }).map((phase) => ({
    hours: phase.hours,
    pods: plan.replicas + canaryPods(plan, phase),
  }));
  const pods = Math.max(...phases.map((phase) => phase.pods));
  const hours = phases.filter((phase) => phase.pods === pods).reduce((sum, phase) => sum + phase.hours, 0);
  return { pods, times: pods / plan.replicas, hours };
}

/** The stable stays fully scaled while the candidate grows beside it. */
export function resourceEffects({ before, after }: PlanChange): Effect[] {
  const effects: Effect[] = [];
  const [was, is] = [peakOf(before), peakOf(after)];
  if (before.replicas !== after.replicas)
    effects.push({
      rule: 'scales-service',
      severity: 'warning',
      sentence: `The service runs on ${after.replicas} pods instead of ${before.replicas}, at once, also while a release runs.`,
    });
  if (is.pods !== was.pods || is.hours !== was.hours)
    effects.push({
      rule: 'moves-peak',
      severity: is.pods > was.pods ? 'warning' : 'notice',
      sentence: `Peak ${is.times.toFixed(1)}× the pods (${is.pods}) for ${formatHours(is.hours)}, instead of ${was.times.toFixed(1)}× (${was.pods}) for ${formatHours(was.hours)}.`,
    });
  return effects;
}
