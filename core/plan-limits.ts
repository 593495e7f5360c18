import type { Fault } from './input-error.ts';
import { faultAt, type PlanDocument, type WrittenPlan } from './plan-file.ts';

/** The judge's guard proves a loss beyond this, and is built for no other. */
const ROLLBACK_ACCURACY = '5%';

type Criteria = Pick<WrittenPlan, 'rollback' | 'gates' | 'success'>;

/** The strategy's criteria, where they contradict the gates or each other. */
export function limitFaults(source: PlanDocument, plan: Criteria): Fault[] {
  return [...accuracyFaults(source, plan), ...gateFaults(source, plan), ...successFaults(source, plan)];
}

function accuracyFaults(source: PlanDocument, { rollback }: Criteria): Fault[] {
  if (rollback?.accuracy === undefined || rollback.accuracy === ROLLBACK_ACCURACY) return [];
  return [
    faultAt(source, ['rollback', 'accuracy'], {
      message: `${rollback.accuracy} would not be what is enforced: the judge's guard is built for ${ROLLBACK_ACCURACY}`,
      fix: `write ${ROLLBACK_ACCURACY}, or leave it out`,
    }),
  ];
}

function gateFaults(source: PlanDocument, { rollback, gates }: Criteria): Fault[] {
  const [limit, threshold] = [rollback?.latency, gates?.latency?.threshold];
  if (limit === undefined || threshold === undefined || limit === threshold) return [];
  return [
    faultAt(source, ['rollback', 'latency'], {
      message: `${limit} ms is not the ${threshold} ms of gates.latency.threshold, and both are one limit`,
      fix: 'remove one of the two',
    }),
  ];
}

function successFaults(source: PlanDocument, { success, rollback, gates }: Criteria): Fault[] {
  if (success?.latency === undefined) return [];
  const limits = [
    { name: 'rollback.latency', limit: rollback?.latency },
    { name: 'gates.latency.threshold', limit: gates?.latency?.threshold },
  ];
  return limits.flatMap(({ name, limit }) =>
    limit === undefined || success.latency === undefined || success.latency <= limit
      ? []
      : [
          faultAt(source, ['success', 'latency'], {
            message: `${success.latency} ms more would be a success, and ${name} takes a release back from ${limit} ms on`,
            fix: `write at most ${limit}`,
          }),
        ],
  );
}
