import { type Apart, stationsExposed } from '../cohort.ts';
import type { Fleet } from '../compile/judged-phases.ts';
import type { Plan } from '../plan.ts';
import { MAX_STEP_PERCENT } from '../plan-order.ts';
import { type Effect, fleetsOf, isSame, type PlanChange } from './change.ts';

/** What stations that do not go with the shares add to the first step, or take from it, where the fleet is known. */
export function pinEffects(change: PlanChange): Effect[] {
  const { before, after } = fleetsOf(change);
  if (isSame(before, after)) return [];
  return [...exposed(change, before.apart, after.apart), ...tooMany(change.after, after)];
}

function exposed({ after: plan, stations }: PlanChange, before: Apart, after: Apart): Effect[] {
  if (stations === null) return [];
  const weight = firstWeight(plan);
  const was = stationsExposed(stations, weight, before);
  const is = stationsExposed(stations, weight, after);
  if (was === is) return [];
  const { pinned, kept_out } = after;
  return [
    {
      rule: is > was ? 'exposes-more-apart' : 'exposes-fewer-apart',
      severity: is > was ? 'warning' : 'notice',
      sentence: `Of ${stations} stations ${pinned} are pinned and ${kept_out} kept out: the first step, ${weight} %, exposes about ${is} instead of ${was}.`,
    },
  ];
}

function tooMany(plan: Plan, fleet: Fleet): Effect[] {
  const sentence = pinsBeyondStep(plan, fleet);
  return sentence === null ? [] : [{ rule: 'pins-exceed-step', severity: 'danger', sentence }];
}

/** What is wrong with pins that are by themselves more than a step may add; null where they are not, or the fleet is not known. */
export function pinsBeyondStep(plan: Plan, { stations, apart }: Fleet): string | null {
  if (stations === null) return null;
  const percent = (100 * apart.pinned) / stations;
  if (percent <= MAX_STEP_PERCENT) return null;
  const weight = firstWeight(plan);
  return `${apart.pinned} pinned stations are ${Math.round(percent)} % of ${stations}, and all of them come with the first step, ${weight} %: about ${stationsExposed(stations, weight, apart)} at once, where a step may add ${MAX_STEP_PERCENT} %. Pin fewer.`;
}

function firstWeight({ phases }: Plan): number {
  return phases.find(({ kind }) => kind === 'ramp')?.weight_percent ?? 0;
}
