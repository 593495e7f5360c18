import { didYouMean } from './did-you-mean.ts';
import type { Fault } from './input-error.ts';
import { faultAt, type PlanDocument, type WrittenPlan } from './plan-file.ts';
import { stepNamed, stepsOf } from './plan-steps.ts';

/** Trainings before phases that the plan does not have, and one that is on the calendar twice. */
export function trainingFaults(
  source: PlanDocument,
  { trainings = [], phases }: Pick<WrittenPlan, 'trainings' | 'phases'>,
): Fault[] {
  const steps = stepsOf(phases);
  const names = [...new Set(steps.flatMap(({ name, kind }) => [name, kind]))];
  return trainings.flatMap(({ title, before }, index) => {
    const earlier = trainings.findIndex((other) => other.title === title && other.before === before);
    return [
      ...(stepNamed(steps, before) !== undefined ? [] : [nowhere(source, index, before, names)]),
      ...(earlier === index ? [] : [again(source, index, title, earlier)]),
    ];
  });
}

function nowhere(source: PlanDocument, index: number, before: string, names: readonly string[]): Fault {
  return faultAt(source, ['trainings', index, 'before'], {
    message: `"${before}" is no phase of this plan`,
    fix: didYouMean(before, names),
  });
}

function again(source: PlanDocument, index: number, title: string, earlier: number): Fault {
  return faultAt(source, ['trainings', index, 'title'], {
    message: `"${title}" before the same phase is trainings[${earlier}] already`,
    fix: 'remove one of the two, or give it another title',
  });
}
