import { firstHourOfDay } from '../telemetry.ts';
import type { Truth } from './losses.ts';
import { type ImplausibleReason, implausible, SCREEN, type Usual, usualOf, zeroReasons } from './plausible.ts';

/** Readings as they were known at an hour: NaN where nothing was. */
export type KnownReadings = { asOf(station: number, target_h: number, as_of_h: number): number };

/** Hours before a target hour that are asked for: the window, and the day that it lies before. */
export const SCREEN_HOURS = SCREEN.window_hours + 24;

/** Equal readings in a row that are enough at any station are fewer than twice this. */
const RUN_LOOKED_AT_HOURS = 2 * SCREEN.still_hours;

/**
 * Which readings cannot be true, each decided once, as of the hour at which its target hour closes: a function of what was known then. Holds
 * what is usual for each station on the day of the last hour asked for, so that an hour costs a comparison and not a window.
 */
export class Screen {
  readonly #readings: KnownReadings;
  readonly #truth_delay_hours: number;
  #day_h = Number.NaN;
  #usual: (Usual | null)[] = [];
  readonly #window_kw = new Float64Array(SCREEN.window_hours);

  constructor(readings: KnownReadings, truth_delay_hours: number) {
    this.#readings = readings;
    this.#truth_delay_hours = truth_delay_hours;
  }

  /** Why the reading of `station` for `target_h` cannot be true, or null; null too where there is none. */
  check(station: number, target_h: number): ImplausibleReason | null {
    const value_kw = this.#readings.asOf(station, target_h, target_h + this.#truth_delay_hours);
    if (Number.isNaN(value_kw)) return null;
    const usual = this.#usualOf(station, target_h);
    return usual === null ? null : implausible(value_kw, usual, (enough) => this.#run(station, target_h, enough));
  }

  /** Equal readings in a row through `target_h`, of the hours known when it closes; missing ones neither count nor end it. */
  #run(station: number, target_h: number, enough: number): number {
    const as_of_h = target_h + this.#truth_delay_hours;
    const value_kw = this.#readings.asOf(station, target_h, as_of_h);
    const [first_h, last_h] = [target_h - RUN_LOOKED_AT_HOURS, Math.min(as_of_h, target_h + RUN_LOOKED_AT_HOURS)];
    let length = 1;
    for (const step of [-1, 1])
      for (let h = target_h + step; h >= first_h && h <= last_h && length < enough; h += step) {
        const other_kw = this.#readings.asOf(station, h, as_of_h);
        if (Number.isNaN(other_kw)) continue;
        if (other_kw !== value_kw) break;
        length++;
      }
    return length;
  }

  /** Windows end with the UTC day before, as known when the first hour of the day closed. */
  #usualOf(station: number, target_h: number): Usual | null {
    const day_h = firstHourOfDay(target_h);
    if (day_h !== this.#day_h) {
      this.#day_h = day_h;
      this.#usual = [];
    }
    const known = this.#usual[station];
    if (known !== undefined) return known;
    for (let i = 0; i < SCREEN.window_hours; i++)
      this.#window_kw[i] = this.#readings.asOf(
        station,
        day_h - SCREEN.window_hours + i,
        day_h + this.#truth_delay_hours,
      );
    const usual = usualOf(this.#window_kw);
    this.#usual[station] = usual;
    return usual;
  }
}

/**
 * What target hours `from_h` to `to_h` of a recorded set are judged by: readings as known when the hour closes, NaN where they come later or
 * cannot be true. `late_hours` says how long after its hour a reading becomes known. Other hours are as recorded.
 */
export function judgedTruth(
  recorded: Truth,
  range: { from_h: number; to_h: number },
  options: {
    truth_delay_hours: number;
    late_hours: (station: number, target_h: number) => number;
    /** Sees every station-hour of the range, with why its reading cannot be true. */
    onReading?: (station: number, target_h: number, reason: ImplausibleReason | null) => void;
  },
): { truth: Truth; quarantined: Record<ImplausibleReason, number> } {
  const { start_h, values_kw } = recorded;
  const asOf = (station: number, target_h: number, as_of_h: number) =>
    target_h + options.late_hours(station, target_h) <= as_of_h
      ? (values_kw[station]?.[target_h - start_h] ?? Number.NaN)
      : Number.NaN;
  const screen = new Screen({ asOf }, options.truth_delay_hours);
  const quarantined = zeroReasons();
  const judged = values_kw.map((values) => values.slice());
  for (let target_h = range.from_h; target_h <= range.to_h; target_h++)
    for (const [station, values] of judged.entries()) {
      const reason = screen.check(station, target_h);
      if (reason !== null) quarantined[reason]++;
      options.onReading?.(station, target_h, reason);
      values[target_h - start_h] =
        reason === null ? asOf(station, target_h, target_h + options.truth_delay_hours) : Number.NaN;
    }
  return { truth: { ...recorded, values_kw: judged }, quarantined };
}
