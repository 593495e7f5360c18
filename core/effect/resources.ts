import { timedPhases } from '../compile/phases.ts';
import { canaryPods } from '../compile/rollout.ts';
import { productionTime } from '../compile/target.ts';
import { formatHours, hoursText } from '../duration.ts';
import type { Plan } from '../plan.ts';
import type { PodResources, Retraining } from '../plan-types.ts';
import { type Effect, isSame, type PlanChange } from './change.ts';

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
      sentence: `Peak ${is.times.toFixed(1)}× the pods (${is.pods}) for ${hoursText(is.hours)}, instead of ${was.times.toFixed(1)}× (${was.pods}) for ${hoursText(was.hours)}.`,
    });
  return [...effects, ...gpuEffects(before, after), ...podEffects(before, after), ...retrainingEffects(before, after)];
}

function gpuEffects(before: Plan, after: Plan): Effect[] {
  const gpus = (plan: Plan) => peakOf(plan).pods * plan.resources.serving.gpus;
  const [was, is] = [gpus(before), gpus(after)];
  if (was === is) return [];
  const { hours, times } = peakOf(after);
  const { node_pool } = after.resources.serving;
  const where = node_pool === null ? '' : ` in the pool ${node_pool}`;
  const sentence = `Peak ${is} GPUs (${times.toFixed(1)}× the stable's)${where} for ${hoursText(hours)}, instead of ${was}.`;
  return [{ rule: 'moves-gpus', severity: is > was ? 'warning' : 'notice', sentence }];
}

function podEffects(before: Plan, after: Plan): Effect[] {
  const whose = { serving: 'Each pod of the service', training: 'The retraining' };
  return (['serving', 'training'] as const).flatMap((pod): Effect[] => {
    const [was, is] = [before.resources[pod], after.resources[pod]];
    if (isSame(was, is)) return [];
    const [rule, severity] =
      pod === 'serving'
        ? (['moves-serving-resources', 'warning'] as const)
        : (['moves-training-resources', 'notice'] as const);
    return [{ rule, severity, sentence: `${whose[pod]} asks for ${podText(is)} instead of ${podText(was)}.` }];
  });
}

/** What a pod asks for, as "1 CPU and 1Gi". */
export function podText({ cpu, memory, gpus, node_pool }: PodResources): string {
  const extra = [
    gpus === 0 ? '' : `, ${gpus} ${gpus === 1 ? 'GPU' : 'GPUs'}`,
    node_pool === null ? '' : `, in the pool ${node_pool}`,
  ].join('');
  return `${cpu} CPU and ${memory}${extra}`;
}

function retrainingEffects({ retraining: was }: Plan, { retraining: is }: Plan): Effect[] {
  if (isSame(was, is)) return [];
  const trained = `Models are trained again: ${retrainingText(is)}; until now: ${retrainingText(was)}.`;
  const sentence = was?.history_hours === is?.history_hours ? trained : `${trained} ${keptText(is)}`;
  return [{ rule: 'moves-retraining', severity: is === null ? 'warning' : 'notice', sentence }];
}

/** The scorer is told at its start. */
function keptText(window: Retraining | null): string {
  const kept =
    window === null ? 'no more of its log than is followed' : `its log for ${formatHours(window.history_hours)}`;
  return `The scorer starts again and keeps ${kept}: judging waits until it is back, and nothing that is judged is lost.`;
}

export function retrainingText(window: Retraining | null): string {
  if (window === null) return 'never';
  const { days, from, to, zone, model, history_hours } = window;
  return `${days.join(', ')} from ${from} to ${to} (${zone}), ${model} on the last ${formatHours(history_hours)}`;
}
