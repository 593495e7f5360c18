import { formatHours, parseHours } from './duration.ts';
import type { Fault } from './input-error.ts';
import { faultAt, type PlanDocument, type WrittenPlan } from './plan-file.ts';
import { retrainingFaults } from './plan-retraining.ts';
import { DEFAULT_RETAIN } from './plan-settings.ts';
import { canonicalQuantity } from './quantity.ts';

/** Three months on each side of a release are assessed; evidence must live as long. */
const LEAST_RETAIN_HOURS = 90 * 24;

/** What pods ask for, when they are trained, and how long what they did is kept. */
export function resourceFaults(
  source: PlanDocument,
  plan: Pick<WrittenPlan, 'resources' | 'retraining' | 'evidence' | 'phases'>,
): Fault[] {
  const pods = (['serving', 'training'] as const).flatMap((pod) => [
    ...quantityFaults(source, pod, plan.resources?.[pod]),
    ...poolFaults(source, pod, plan.resources?.[pod]),
  ]);
  return [...pods, ...retrainingFaults(source, plan), ...retainFaults(source, plan)];
}

type Pod = NonNullable<NonNullable<WrittenPlan['resources']>['serving']>;

function quantityFaults(source: PlanDocument, pod: string, { cpu, memory }: Pod = {}): Fault[] {
  return Object.entries({ cpu, memory }).flatMap(([field, quantity]) => {
    const kept = quantity === undefined ? null : canonicalQuantity(quantity);
    if (kept === null || kept === quantity) return [];
    return [
      faultAt(source, ['resources', pod, field], {
        message: `${quantity} is not the form that Kubernetes keeps it in`,
        fix: `write ${kept}`,
      }),
    ];
  });
}

function poolFaults(source: PlanDocument, pod: string, { gpus = 0, node_pool }: Pod = {}): Fault[] {
  if (gpus === 0 || node_pool !== undefined) return [];
  return [
    faultAt(source, ['resources', pod, 'gpus'], {
      message: `${gpus} asks for GPUs, and no node_pool says where they are`,
      fix: 'add node_pool',
    }),
  ];
}

/** What is kept must outlive the last assessment, which is made once its second window is over. */
function retainFaults(source: PlanDocument, { evidence, phases }: Pick<WrittenPlan, 'evidence' | 'phases'>): Fault[] {
  const retain = evidence?.retain ?? DEFAULT_RETAIN;
  const assessments = phases.flatMap(({ assess, for: lasting }, index) =>
    assess === undefined ? [] : [{ index, assess, hours: parseHours(assess) + parseHours(lasting) }],
  );
  const last = assessments.toSorted((a, b) => b.hours - a.hours)[0];
  const least_h = Math.max(LEAST_RETAIN_HOURS, last?.hours ?? 0);
  if (parseHours(retain) >= least_h) return [];
  const until =
    last === undefined || last.hours < least_h
      ? 'the release can be assessed'
      : `phases[${last.index}] has assessed the ${last.assess} after the release`;
  const path = evidence === undefined && last !== undefined ? ['phases', last.index, 'assess'] : ['evidence', 'retain'];
  return [
    faultAt(source, path, {
      message: `what was measured goes after ${retain}, before ${until}`,
      fix: `write at least ${formatHours(least_h)} as evidence.retain`,
    }),
  ];
}
