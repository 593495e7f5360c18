import type { Fault } from './input-error.ts';
import { faultAt, type PlanDocument, type WrittenPlan } from './plan-file.ts';
import { scoringNames } from './workload.ts';

/** Objects are named after the service, in a namespace where others already have names. */
export function serviceFaults(source: PlanDocument, { service }: Pick<WrittenPlan, 'service'>): Fault[] {
  const taken: readonly string[] = Object.values(scoringNames);
  if (!taken.includes(service)) return [];
  return [
    faultAt(source, ['service'], {
      message: `"${service}" is what judges beside every service, and its objects have that name`,
      fix: `call the service something else than ${taken.join(' or ')}`,
    }),
  ];
}
