import type { Fault } from './input-error.ts';
import type { WrittenPlan } from './plan.ts';
import { faultAt, type PlanDocument } from './plan-place.ts';

/** Most percentage points of stations that one step may add: a harmful release must not reach half of them at once. */
export const MAX_STEP_PERCENT = 25;

/** What the schema cannot say: the order of the phases and the size of their steps. */
export function orderFaults(source: PlanDocument, plan: WrittenPlan): Fault[] {
  return [...shadowFaults(source, plan), ...rampFaults(source, plan)];
}

function shadowFaults(source: PlanDocument, { phases }: WrittenPlan): Fault[] {
  const faults: Fault[] = [];
  if (phases[0]?.shadow === undefined)
    faults.push(
      faultAt(source, ['phases', 0], {
        message: 'the first phase is not a shadow, so stations would be answered by a version nobody has watched',
        fix: 'put "- shadow: 100%" with its duration before it',
      }),
    );
  for (const [index, { shadow }] of phases.entries())
    if (index > 0 && shadow !== undefined)
      faults.push(
        faultAt(source, ['phases', index, 'shadow'], {
          message: `phase ${index + 1} is a shadow, which only the first phase can be`,
          fix: 'remove it, or make phase 1 longer',
        }),
      );
  return faults;
}

function rampFaults(source: PlanDocument, { phases }: WrittenPlan): Fault[] {
  const ramps = phases.flatMap(({ ramp }, index) =>
    ramp === undefined ? [] : [{ index, percent: Number(ramp.replace('%', '')) }],
  );
  const faults = ramps.flatMap(({ index, percent }, position) => {
    const before = ramps[position - 1];
    const from = before?.percent ?? 0;
    const since = before === undefined ? '0% before it' : `${from}% in phases[${before.index}]`;
    if (percent <= from)
      return faultAt(source, ['phases', index, 'ramp'], {
        message: `${percent}% does not rise above ${since}`,
        fix: `write more than ${from}%, or remove one of the two`,
      });
    if (percent - from > MAX_STEP_PERCENT)
      return faultAt(source, ['phases', index, 'ramp'], {
        message: `${percent}% is ${percent - from} points above ${since}, and a step may add ${MAX_STEP_PERCENT}`,
        fix: `add a ramp of at most ${from + MAX_STEP_PERCENT}% before it`,
      });
    return [];
  });
  const last = ramps.at(-1);
  if (last?.percent !== 100)
    faults.push(
      faultAt(source, last === undefined ? ['phases'] : ['phases', last.index, 'ramp'], {
        message: last === undefined ? 'no phase is a ramp' : `the last ramp is ${last.percent}%`,
        fix: 'end with "- ramp: 100%": a release that is never finished blocks the next one',
      }),
    );
  return faults;
}
