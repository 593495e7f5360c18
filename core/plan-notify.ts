import type { Fault } from './input-error.ts';
import { faultAt, type PlanDocument, type WrittenPlan } from './plan-file.ts';
import { kindOf } from './plan-steps.ts';

/** Receivers that would be told the same twice, and events that never come. */
export function notifyFaults(source: PlanDocument, plan: Pick<WrittenPlan, 'notify' | 'phases'>): Fault[] {
  return [...twiceFaults(source, plan), ...heldFaults(source, plan)];
}

function twiceFaults(source: PlanDocument, { notify = [] }: Pick<WrittenPlan, 'notify'>): Fault[] {
  return notify.flatMap(({ when, to }, index) =>
    to.flatMap((receiver, position) => {
      const earlier = notify.findIndex(
        (other, at) => at < index && other.to.includes(receiver) && shares(other.when, when),
      );
      if (earlier < 0) return [];
      const events = when.filter((event) => notify[earlier]?.when.includes(event));
      return [
        faultAt(source, ['notify', index, 'to', position], {
          message: `"${receiver}" is told of ${events.join(', ')} in notify[${earlier}] already`,
          fix: 'remove one of the two',
        }),
      ];
    }),
  );
}

/** A hold behind the last ramp holds the retire and not the release, which is promoted by then: no Rollout waits there. */
function heldFaults(source: PlanDocument, { notify = [], phases }: Pick<WrittenPlan, 'notify' | 'phases'>): Fault[] {
  const kinds = phases.map(kindOf);
  if (kinds.slice(kinds.indexOf('shadow') + 1, kinds.lastIndexOf('ramp') + 1).includes('hold')) return [];
  return notify.flatMap(({ when }, index) =>
    when.flatMap((event, position) =>
      event !== 'held'
        ? []
        : faultAt(source, ['notify', index, 'when', position], {
            message: '"held" never comes: there is no hold between the shadow and the last ramp',
            fix: 'remove it, or put a hold before a ramp',
          }),
    ),
  );
}

function shares<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.some((one) => b.includes(one));
}
