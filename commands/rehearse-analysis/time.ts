import { isDay } from '../../core/zoned-time.ts';

/** What is written wrongly shows: milliseconds read as seconds are a year beyond 50,000, seconds read as milliseconds are 1970. */
const YEARS = { from: 2000, to: 2100 };

/** No analysis, delay or outage lasts longer than this: ten years. */
const MOST_S = 3650 * 86_400;

export const timeFix = 'write one like 2026-01-05T06:00:00Z';

/** Milliseconds since 1970 of a time as ISO 8601 writes it, with its offset, or of a day; null for anything else that Date.parse would take. */
export function parseTime(text: string): number | null {
  const [, day, clock] =
    /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/.exec(text) ?? [];
  const at_ms = day !== undefined && isDay(day) ? Date.parse(`${day}${clock ?? 'T00:00Z'}`) : Number.NaN;
  return isPlausible(at_ms) ? at_ms : null;
}

export function isPlausible(at_ms: number): boolean {
  return at_ms >= Date.UTC(YEARS.from, 0) && at_ms < Date.UTC(YEARS.to, 0);
}

export function isTooLong(duration_s: number): boolean {
  return duration_s > MOST_S;
}
