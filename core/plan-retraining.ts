import { parseHours } from './duration.ts';
import type { Fault } from './input-error.ts';
import { faultAt, type PlanDocument, type WrittenPlan } from './plan-file.ts';
import { defaultRetraining } from './plan-settings.ts';
import type { Retraining } from './plan-types.ts';
import { changesClocks, zoneFix } from './zoned-time.ts';

/** What a model is trained on must hold the least that training takes; and the scorer's log must end somewhere. */
const HISTORY_DAYS = { least: 70, most: 400 };
/** A shorter window ends before a training that begins late has read its readings. */
const LEAST_MINUTES = 30;
const DAY_MINUTES = 24 * 60;

/** How long the window is by its clock; one that ends before it begins ends on the next day. */
export function windowMinutes({ from, to }: Pick<Retraining, 'from' | 'to'>): number {
  return (minuteOf(to) - minuteOf(from) + DAY_MINUTES) % DAY_MINUTES;
}

/** How long it is in every night of the year: the one in which the clocks go forward may take an hour of it. */
export function leastWindowMinutes(window: Pick<Retraining, 'from' | 'to' | 'zone'>): number {
  return windowMinutes(window) - (changesClocks(window.zone) ? 60 : 0);
}

export function retrainingFaults(source: PlanDocument, { retraining }: Pick<WrittenPlan, 'retraining'>): Fault[] {
  if (retraining === undefined) return [];
  return [...windowFaults(source, retraining), ...historyFaults(source, retraining.history)];
}

type Written = NonNullable<WrittenPlan['retraining']>;

function windowFaults(source: PlanDocument, { from, to, zone = 'UTC' }: Written): Fault[] {
  const end = ['retraining', 'to'];
  if (from === to)
    return [
      faultAt(source, end, {
        message: `${to} is retraining.from too, so that the window is empty`,
        fix: 'write a later end; one before the begin is of the next day',
      }),
    ];
  // Of a zone that does not exist the calendar tells.
  const least = zoneFix(zone) === null ? leastWindowMinutes({ from, to, zone }) : LEAST_MINUTES;
  if (least >= LEAST_MINUTES) return [];
  const lost =
    least < windowMinutes({ from, to }) ? `, and ${Math.max(0, least)} when the clocks of ${zone} go forward` : '';
  return [
    faultAt(source, end, {
      message: `the window is ${windowMinutes({ from, to })} minutes long${lost}: a training needs ${LEAST_MINUTES}`,
      fix: 'write a later end',
    }),
  ];
}

function historyFaults(source: PlanDocument, history: string = defaultRetraining.history): Fault[] {
  const hours = parseHours(history);
  const { least, most } = HISTORY_DAYS;
  if (hours >= 24 * least && hours <= 24 * most) return [];
  return [
    faultAt(source, ['retraining', 'history'], {
      message:
        hours < 24 * least
          ? `${history} are too few readings to train a model on`
          : `${history} are more than the scorer's log is kept for`,
      fix: `write ${least}d to ${most}d`,
    }),
  ];
}

function minuteOf(clock: string): number {
  return 60 * Number(clock.slice(0, 2)) + Number(clock.slice(3));
}
