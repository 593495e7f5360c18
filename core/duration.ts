const unit_s = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Hours in a duration as plans write it: whole days or hours, "14d" or "24h". Throws a RangeError with the value. */
export function parseHours(text: string): number {
  const [, amount, unit] = /^([1-9][0-9]{0,4})([dh])$/.exec(text) ?? [];
  if (amount === undefined) throw new RangeError(`"${text}" is not a duration in days or hours like 14d or 24h`);
  return Number(amount) * (unit === 'd' ? 24 : 1);
}

/** Hours as plans write them: days where they are whole. */
export function formatHours(hours: number): string {
  return hours % 24 === 0 ? `${hours / 24}d` : `${hours}h`;
}

/** Hours as sentences say them: "56d 1h"; below two days as plans write them. */
export function hoursText(hours: number): string {
  return hours < 48 || hours % 24 === 0 ? formatHours(hours) : `${formatHours(hours - (hours % 24))} ${hours % 24}h`;
}

/** A duration that Go, Prometheus and Kubernetes all read the same: whole, in one unit of s, m or h (Go knows no days). */
export function formatSeconds(seconds: number): string {
  if (!Number.isInteger(seconds) || seconds < 1)
    throw new RangeError(`${seconds} s is not a duration of whole seconds`);
  if (seconds % unit_s.h === 0) return `${seconds / unit_s.h}h`;
  return seconds % unit_s.m === 0 ? `${seconds / unit_s.m}m` : `${seconds}s`;
}

/** Seconds in what `formatSeconds` or a person wrote: one whole number and one of s, m, h, d. */
export function parseSeconds(text: string): number {
  const [, amount, unit] = /^([1-9][0-9]{0,7})([smhd])$/.exec(text) ?? [];
  if (amount === undefined || unit === undefined)
    throw new RangeError(`"${text}" is not a duration like 10s, 5m, 6h or 14d`);
  return Number(amount) * unit_s[unit as keyof typeof unit_s];
}
