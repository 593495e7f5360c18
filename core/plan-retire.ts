import { alertNames } from './alert-names.ts';
import { ARM_FLAG } from './compile/flags.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Fault } from './input-error.ts';
import { faultAt, type PlanDocument, type WrittenPlan } from './plan-file.ts';

type Reading = Pick<WrittenPlan, 'phases' | 'arms'>;

/**
 * What cannot go: an alert that nobody makes, the flag that carries the release, the arm that is meant to win. Predictors and dashboards may have
 * any name: what a release replaces was often never in this repository, and a predictor is found again by its digest.
 */
export function retireFaults(source: PlanDocument, { phases, arms }: Reading): Fault[] {
  return phases.flatMap(({ retire = {} }, index) => {
    const at = (...path: (string | number)[]) => ['phases', index, 'retire', ...path];
    const { predictors = {}, flags = [], alerts = [] } = retire;
    return [
      ...Object.keys(predictors)
        .filter((name) => name === arms?.expected)
        .map((key) =>
          faultAt(source, at('predictors'), {
            key,
            message: `"${key}" is arms.expected, which answers the stations once it has won`,
            fix: 'name what it replaces',
          }),
        ),
      ...flags.flatMap((name, position) => (name === ARM_FLAG ? [carrier(source, at('flags', position))] : [])),
      ...alerts.flatMap((name, position) =>
        alertNames.some((known) => known === name) ? [] : [noAlert(source, at('alerts', position), name)],
      ),
    ];
  });
}

function carrier(source: PlanDocument, path: (string | number)[]): Fault {
  return faultAt(source, path, {
    message: `"${ARM_FLAG}" carries the release: it says which arm answers a station, and without it no arm would`,
    fix: 'remove it; the flag goes when a later plan has no arms',
  });
}

function noAlert(source: PlanDocument, path: (string | number)[], name: string): Fault {
  return faultAt(source, path, {
    message: `"${name}" is no alert that a plan compiles to, so nothing would go`,
    fix: didYouMean(name, alertNames),
  });
}
