import { Temporal } from 'temporal-polyfill';
import { nearest } from './did-you-mean.ts';

/**
 * Milliseconds since 1970 of a moment by the clock of an IANA zone, written as 2026-12-21 or 2026-12-21 18:00. A moment that the clock
 * shows twice or leaves out when it is changed is the `earlier` or the `later` of the two that it may be.
 */
export function momentOf(local: string, zone: string, choice: 'earlier' | 'later'): number {
  return Temporal.PlainDateTime.from(local).toZonedDateTime(zone, { disambiguation: choice }).epochMilliseconds;
}

/** What the clock of a zone shows instead of a time that it leaves out when it is changed; null where it leaves nothing out. */
export function timeAfterGap(local: string, zone: string): string | null {
  const wanted = Temporal.PlainDateTime.from(local);
  const shown = wanted.toZonedDateTime(zone, { disambiguation: 'later' }).toPlainDateTime();
  if (shown.equals(wanted)) return null;
  return `${shown.toPlainDate()} ${shown.toPlainTime().toString({ smallestUnit: 'minute' })}`;
}

/** What the clock of a zone shows, to the minute. */
export function localTime(moment_ms: number, zone: string): { date: string; clock: string } {
  const local = Temporal.Instant.fromEpochMilliseconds(moment_ms).toZonedDateTimeISO(zone);
  return { date: local.toPlainDate().toString(), clock: local.toPlainTime().toString({ smallestUnit: 'minute' }) };
}

/** Whether the clock of a zone is ever changed again. */
export function changesClocks(zone: string): boolean {
  const day = Temporal.PlainDate.from('2026-01-01').toZonedDateTime(zone);
  return day.getTimeZoneTransition('next') !== null;
}

/** The day so many days before another. */
export function daysBefore(date: string, days: number): string {
  return Temporal.PlainDate.from(date).subtract({ days }).toString();
}

/** Whether this is a day alone, and there is such a day. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && isLocalTime(text);
}

/** Whether there is such a day, and such a time on it: February has no 30th, and no day a 24:00. */
export function isLocalTime(local: string): boolean {
  try {
    Temporal.PlainDateTime.from(local);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Zones that were found: a clock takes a third of a millisecond to make, and all plans of a repository are in a few zones. */
const found = new Set<string>();

/** Null where there is such a zone; else what to do: the one that was probably meant, or an example. */
export function zoneFix(zone: string): string | null {
  if (found.has(zone)) return null;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    found.add(zone);
    return null;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const meant = nearest(zone, Intl.supportedValuesOf('timeZone'));
    return meant === undefined ? 'write one like Europe/Berlin' : `did you mean "${meant}"?`;
  }
}
