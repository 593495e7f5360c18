import { HOUR_MS } from '../core/telemetry.ts';

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:?\d\d)?$/;

/** Hours since the epoch of a cell of `time_utc`, or what is wrong with it and how to mend it. */
export function rowHour(text: string): number | { message: string; fix: string } {
  const match = ISO.exec(text);
  if (match === null) return { message: 'is not an ISO 8601 time', fix: 'write it like 2016-08-07T05:00Z' };
  const [, year, month, day, hour, minute, second = '0', fraction = '0', zone] = match;
  if (zone === undefined) return { message: 'states no time zone', fix: 'give UTC with a Z, like 2016-08-07T05:00Z' };
  if (!/^(Z|[+-]00:?00)$/.test(zone)) return { message: 'is not in UTC', fix: 'convert it, like 2016-08-07T05:00Z' };
  if (Number(minute) !== 0 || Number(second) !== 0 || Number(fraction) !== 0)
    return { message: 'is not a full hour', fix: 'give hourly means' };
  const time = new Date(0);
  time.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const exists = time.getUTCMonth() === Number(month) - 1 && time.getUTCDate() === Number(day) && Number(hour) < 24;
  if (!exists) return { message: 'is no time of the calendar', fix: 'write it like 2016-08-07T05:00Z' };
  return time.getTime() / HOUR_MS + Number(hour);
}
