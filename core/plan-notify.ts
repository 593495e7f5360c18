import type { Fault } from './input-error.ts';
import { faultAt, type PlanDocument, type WrittenPlan } from './plan-file.ts';

/** Receivers that would be told the same twice. */
export function notifyFaults(source: PlanDocument, { notify = [] }: Pick<WrittenPlan, 'notify'>): Fault[] {
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

function shares<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.some((one) => b.includes(one));
}
