import { datedSteps, weeksOf } from '../../core/calendar.ts';
import type { Calendar, Plan } from '../../core/plan-types.ts';
import { localTime } from '../../core/zoned-time.ts';

/** When each step takes place, as people say it: "2027-01-04 to 2027-01-17", or "week 3-4" where nobody said when it begins. */
export function whenOf(plan: Plan, calendar: Calendar | null): { when: string; waits_for: string[] }[] {
  if (calendar === null)
    return weeksOf(plan.steps).map(({ first_week, last_week }) => ({
      when: first_week === last_week ? `week ${first_week}` : `week ${first_week}-${last_week}`,
      waits_for: [],
    }));
  return datedSteps(plan, calendar).map(({ begin_ms, end_ms, waits_for }) => ({
    when: `${beginText(begin_ms, calendar.zone)} to ${endText(end_ms, calendar.zone)}`,
    waits_for,
  }));
}

/** The day, with the time where it is not the day's begin. */
export function beginText(moment_ms: number, zone: string): string {
  const { date, clock } = localTime(moment_ms, zone);
  return clock === '00:00' ? date : `${date} ${clock}`;
}

/** The last day, as people count it, or the moment within a day. */
export function endText(moment_ms: number, zone: string): string {
  const text = beginText(moment_ms, zone);
  return text.includes(' ') ? text : localTime(moment_ms - 1, zone).date;
}
