import { datedSteps } from '../calendar.ts';
import { stationsExposed } from '../cohort.ts';
import type { Fleet } from '../compile/judged-phases.ts';
import { controlledSteps } from '../compile/waits.ts';
import { hoursText } from '../duration.ts';
import type { Plan, PlanPhase } from '../plan.ts';
import { isJudged } from '../plan-steps.ts';
import { localTime } from '../zoned-time.ts';
import { dayOf, type Effect, fleetsOf, type PlanChange } from './change.ts';

/** When which share of the stations is answered by the candidate, and how long each share is watched. */
export function exposureEffects(change: PlanChange): Effect[] {
  const fleets = fleetsOf(change);
  const [old, changed] = [starts(change.before, fleets.before), starts(change.after, fleets.after)];
  return [
    ...stops(old, changed),
    ...changed.flatMap((phase) => lasting(old.find(same(phase)), phase)),
    ...shifts(old, changed),
    ...total(old, changed),
  ];
}

/** A phase with when it begins: hours after the shadow does, holds counted as the plan expects them, and in words; and how many stations it exposes, as " (about 12)". */
type Start = PlanPhase & { start_h: number; when: string; about: string };

function starts(plan: Plan, fleet: Fleet): Start[] {
  const dates = datesOf(plan);
  let start_h = 0;
  return controlledSteps(plan).flatMap((step) => {
    const start = { start_h, when: dates.get(step.name) ?? `day ${dayOf(start_h)}` };
    start_h += step.hours;
    return isJudged(step) ? [{ ...step, ...start, about: about(fleet, step) }] : [];
  });
}

/** "Tuesday 2027-02-02", by the name of a step; empty where the plan has no first day. */
function datesOf(plan: Plan): Map<string, string> {
  const { calendar } = plan;
  if (calendar === null) return new Map();
  return new Map(
    datedSteps(plan, calendar).map(({ step, begin_ms }) => {
      const { date } = localTime(begin_ms, calendar.zone);
      return [step.name, `${weekdays[new Date(date).getUTCDay()]} ${date}`];
    }),
  );
}

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

const same = (phase: Start) => (other: Start) => other.name === phase.name;

/** Shares that are stopped at no more, or newly: between two that stay, the first that goes becomes the first that comes. */
function stops(old: readonly Start[], changed: readonly Start[]): Effect[] {
  const kept = [0, ...changed.filter((phase) => old.some(same(phase))).map(({ weight_percent }) => weight_percent)];
  return kept.slice(1).flatMap((above, i) => {
    const below = kept[i] ?? 0;
    const within = (phases: readonly Start[]) =>
      phases.filter(({ weight_percent: weight }) => weight > below && weight < above);
    const [gone, come] = [within(old), within(changed)];
    return Array.from({ length: Math.max(gone.length, come.length) }, (_, n) =>
      stop(gone[n], come[n], { below, above, only: gone.length === 1 }),
    ).flat();
  });
}

type Gap = { below: number; above: number; only: boolean };

function stop(gone: Start | undefined, come: Start | undefined, { below, above, only }: Gap): Effect[] {
  if (come === undefined)
    return gone === undefined
      ? []
      : [
          {
            rule: 'removes-phase',
            severity: 'danger',
            sentence: `Removes ${only ? 'the only judgement' : 'a judgement'} between ${below} and ${above} % of the stations: nothing stops at ${gone.weight_percent} % any more.`,
          },
        ];
  const where = `at ${come.weight_percent} %${come.about}`;
  const lasts = `for ${hoursText(come.hours)}, from ${come.when} on`;
  if (gone === undefined) return [{ rule: 'adds-phase', severity: 'notice', sentence: `Stops ${where} ${lasts}.` }];
  const more = come.weight_percent > gone.weight_percent;
  return [
    {
      rule: more ? 'exposes-more' : 'exposes-fewer',
      severity: more ? 'warning' : 'notice',
      sentence: `Stops ${where} instead of ${gone.weight_percent} %${gone.about}, ${lasts}.`,
    },
  ];
}

/** Shares that come earlier or later, the first of those that move together. */
function shifts(old: readonly Start[], changed: readonly Start[]): Effect[] {
  let last_shift_h = 0;
  return changed.flatMap((is) => {
    const was = old.find(same(is));
    const shift_h = was === undefined || is.kind === 'shadow' ? last_shift_h : is.start_h - was.start_h;
    if (was === undefined || shift_h === last_shift_h) return [];
    last_shift_h = shift_h;
    return shift_h === 0 ? [] : shifted(was, is);
  });
}

function shifted(was: Start, is: Start): Effect {
  const shift_h = is.start_h - was.start_h;
  const how = `${hoursText(Math.abs(shift_h))} ${shift_h < 0 ? 'earlier' : 'later'}`;
  const later = is.weight_percent < 100 ? ', and what follows with it' : '';
  return {
    rule: shift_h < 0 ? 'exposes-earlier' : 'exposes-later',
    severity: shift_h < 0 ? 'warning' : 'notice',
    sentence: `Exposes ${is.weight_percent} % of the stations${is.about} from ${is.when} instead of ${was.when}, ${how}${later}.`,
  };
}

function lasting(was: Start | undefined, is: Start): Effect[] {
  if (was === undefined || was.hours === is.hours) return [];
  const shorter = is.hours < was.hours;
  const where = is.kind === 'shadow' ? 'The shadow' : `The phase at ${is.weight_percent} %`;
  return [
    {
      rule: shorter ? 'shortens-phase' : 'lengthens-phase',
      severity: shorter ? 'warning' : 'notice',
      sentence: `${where} lasts ${hoursText(is.hours)} instead of ${hoursText(was.hours)}.`,
    },
  ];
}

function total(old: readonly Start[], changed: readonly Start[]): Effect[] {
  const [was, is] = [endOf(old), endOf(changed)];
  if (was === is) return [];
  const sentence = `The whole release takes ${hoursText(is)} instead of ${hoursText(was)}.`;
  return [{ rule: 'changes-length', severity: 'notice', sentence }];
}

function endOf(phases: readonly Start[]): number {
  const last = phases.at(-1);
  return last === undefined ? 0 : last.start_h + last.hours;
}

function about({ stations, apart }: Fleet, { weight_percent }: PlanPhase): string {
  return stations === null ? '' : ` (about ${stationsExposed(stations, weight_percent, apart)})`;
}
