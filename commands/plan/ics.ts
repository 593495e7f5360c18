import ical, { ICalCalendarMethod, ICalEventTransparency } from 'ical-generator';
import type { CalendarEvent } from '../../core/calendar-events.ts';

/**
 * iCalendar (RFC 5545) of a plan's events, in UTC. Whoever imports it again after a change has every event moved: its UID stays, and its
 * SEQUENCE, the minute of the export, rises. Nobody is shown as busy by it, save in a training.
 */
export function icsText(service: string, events: readonly CalendarEvent[], now: Date): string {
  const calendar = ical({
    name: `${service}: rollout`,
    prodId: { company: 'gridramp', product: 'plan' },
    method: ICalCalendarMethod.PUBLISH,
  });
  for (const { uid, title, description, begin_ms, end_ms } of events)
    calendar.createEvent({
      id: uid,
      stamp: now,
      sequence: Math.floor(now.getTime() / 60_000),
      start: new Date(begin_ms),
      end: new Date(end_ms),
      summary: title,
      description,
      transparency: uid.includes('.training-') ? ICalEventTransparency.OPAQUE : ICalEventTransparency.TRANSPARENT,
    });
  return calendar.toString();
}
