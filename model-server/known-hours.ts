import type { Telemetry } from '../core/telemetry.ts';

/** How long after its hour a reading becomes known, in whole hours up to `max_h`; recorded sets do not say it themselves. */
export type Lateness = { max_h: number; hours: (station: number, target_h: number) => number };

/** Every reading is known as soon as its hour ends. */
export const onTime: Lateness = { max_h: 0, hours: () => 0 };

/**
 * Fills `out` with a station's readings of the hours up to `now_h` as a server knows them at that hour: those that are still on their way
 * are missing, and so are hours before the telemetry's first.
 */
export function fillKnown(
  { values_kw, start_h }: Telemetry,
  { max_h, hours }: Lateness,
  { station, now_h }: { station: number; now_h: number },
  out: Float64Array,
): void {
  const end = Math.max(0, now_h - start_h + 1);
  const from = Math.max(0, end - out.length);
  out.fill(Number.NaN, 0, out.length - (end - from));
  out.set(values_kw[station]?.subarray(from, end) ?? [], out.length - (end - from));
  for (let ago_h = 0; ago_h < max_h; ago_h++)
    if (hours(station, now_h - ago_h) > ago_h) out[out.length - 1 - ago_h] = Number.NaN;
}
