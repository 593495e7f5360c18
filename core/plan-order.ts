import { formatHours, parseHours } from './duration.ts';
import type { Fault } from './input-error.ts';
import { GUARD } from './judge/guard.ts';
import { defaultJudge } from './judge/settings.ts';
import { faultAt, type PlanDocument, type WrittenPlan } from './plan-file.ts';
import { percentOf } from './plan-steps.ts';

/** Most percentage points of stations that one step may add: a harmful release must not reach half of them at once. */
export const MAX_STEP_PERCENT = 25;

/** The first hour that is judged is the 24th, the first few pairs of a release may fail, and a look follows the last hour. */
const HOURS_NOT_JUDGED = 28;

type WithPhases = Pick<WrittenPlan, 'phases'>;

/** What the schema cannot say: the order of the phases and the size of their steps. */
export function orderFaults(source: PlanDocument, plan: WithPhases): Fault[] {
  return [...shadowFaults(source, plan), ...rampFaults(source, plan)];
}

/**
 * Hours, in whole days, before which a shadow can only end inconclusive: with a usable backtest the guard has to say something, without
 * one that the release is safe.
 */
export function leastShadowHours({ truth_delay_hours }: { truth_delay_hours: number }, backtested: boolean): number {
  const judged_h = backtested ? GUARD.min_hours : GUARD.min_hours_good;
  return 24 * Math.ceil((HOURS_NOT_JUDGED + judged_h + truth_delay_hours) / 24);
}

/** A shadow that ends before anything can be judged always ends inconclusive. */
export function lengthFaults(
  source: PlanDocument,
  { phases, rehearsal, judge }: Pick<WrittenPlan, 'phases' | 'rehearsal' | 'judge'>,
): Fault[] {
  const delay_h = judge?.truth_delay === undefined ? defaultJudge.truth_delay_hours : parseHours(judge.truth_delay);
  const least_h = leastShadowHours({ truth_delay_hours: delay_h }, true);
  const shadows = [
    ...phases.flatMap((phase, index) =>
      phase.shadow === undefined ? [] : [{ path: ['phases', index, 'for'], written: phase.for }],
    ),
    { path: ['rehearsal', 'shadow'], written: rehearsal.shadow },
  ];
  return shadows
    .filter(({ written }) => parseHours(written) < least_h)
    .map(({ path, written }) =>
      faultAt(source, path, {
        message: `a shadow of ${written} ends before its forecasts can be judged`,
        fix: `write at least ${formatHours(least_h)}`,
      }),
    );
}

function shadowFaults(source: PlanDocument, { phases }: WithPhases): Fault[] {
  // A hold before the shadow is a fault of its own.
  const first = phases.findIndex(({ prepare, hold }) => prepare === undefined && hold === undefined);
  const faults: Fault[] = [];
  if (phases[first]?.shadow === undefined)
    faults.push(
      faultAt(source, ['phases', Math.max(0, first)], {
        message: 'the first phase is not a shadow, so stations would be answered by a version nobody has watched',
        fix: 'put "- shadow: 100%" with its duration before it',
      }),
    );
  const first_shadow = phases.findIndex(({ shadow }) => shadow !== undefined);
  for (const [index, { shadow }] of phases.entries())
    if (index > first_shadow && shadow !== undefined)
      faults.push(
        faultAt(source, ['phases', index, 'shadow'], {
          message: `is a second shadow, after the one in phases[${first_shadow}]`,
          fix: 'remove it, or make the first one longer',
        }),
      );
  return faults;
}

function rampFaults(source: PlanDocument, { phases }: WithPhases): Fault[] {
  const ramps = phases.flatMap(({ ramp }, index) => (ramp === undefined ? [] : [{ index, percent: percentOf(ramp) }]));
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
