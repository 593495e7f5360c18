/** Why a reading cannot be true. */
export const implausibleReasons = ['negative', 'spike', 'zero', 'stuck'] as const;
export type ImplausibleReason = (typeof implausibleReasons)[number];

export function zeroReasons(): Record<ImplausibleReason, number> {
  return { negative: 0, spike: 0, zero: 0, stuck: 0 };
}

/** Limits of the screen; docs/judging-screen.md measures them on real readings and on their real faults. */
export const SCREEN = {
  /** Hours before a reading's day that say what is usual: ten days hold every weekday and a weekend. */
  window_hours: 240,
  /** Readings that the window must hold; below, nothing is held against a reading. */
  least_readings: 72,
  /** So many hours of the window make a level usual: fewer may themselves be faults, more are how the station is. */
  usual_hours: 12,
  /** A spike is so many times the usual high. */
  spike_factor: 10,
  /** A sudden zero is below this share of the usual low, at a station whose usual low is above the next share of its usual high. */
  zero_share: 0.1,
  never_low_share: 0.2,
  /** Equal readings in a row that are stuck at a station that never repeats itself; where it does, more. */
  stuck_hours: 6,
  /** A station that stands still for so long on more than one day of the window stands still by nature. */
  still_hours: 12,
} as const;

/** What is usual for a station, of its window alone. */
export type Usual = {
  high_kw: number;
  low_kw: number;
  goes_negative: boolean;
  /** Equal readings in a row that cannot be by chance; infinite where the station stands still by nature. */
  stuck_hours: number;
  /** Values that the station rests at: a photovoltaic plant's zero, a pump's standby. */
  resting_kw: readonly number[];
};

/** `window_kw`: readings of SCREEN.window_hours in order, NaN where missing. Null where there are too few. */
export function usualOf(window_kw: Float64Array): Usual | null {
  const sorted = known(window_kw).sort();
  const n = sorted.length;
  if (n < SCREEN.least_readings) return null;
  const sizes = (sorted[0] ?? 0) < 0 ? sorted.map(Math.abs).sort() : sorted;
  // A run that goes on at the window's end is what is to be judged, not what is usual.
  const trailing = trailingRun(window_kw);
  const settled_kw = window_kw.subarray(0, window_kw.length - trailing);
  const settled = trailing === 0 ? sorted : known(settled_kw).sort();
  return {
    high_kw: sizes[n - SCREEN.usual_hours] ?? 0,
    low_kw: sizes[SCREEN.usual_hours - 1] ?? 0,
    goes_negative: (sorted[SCREEN.usual_hours - 1] ?? 0) < 0,
    stuck_hours: settled.length < SCREEN.least_readings ? Number.POSITIVE_INFINITY : stuckHours(settled_kw),
    resting_kw: restingValues(settled),
  };
}

function known(values_kw: Float64Array): Float64Array {
  return values_kw.filter((value) => !Number.isNaN(value));
}

/** Why `value_kw` cannot be true, or null; `run_hours`: how many equal readings in a row it is one of, known or asked for up to `enough`. */
export function implausible(
  value_kw: number,
  usual: Usual,
  run_hours: (enough: number) => number,
): ImplausibleReason | null {
  const { high_kw, low_kw, goes_negative, stuck_hours, resting_kw } = usual;
  const size_kw = Math.abs(value_kw);
  if (value_kw < 0 && !goes_negative) return 'negative';
  if (high_kw > 0 && size_kw > SCREEN.spike_factor * high_kw) return 'spike';
  if (low_kw > SCREEN.never_low_share * high_kw && size_kw < SCREEN.zero_share * low_kw) return 'zero';
  if (stuck_hours === Number.POSITIVE_INFINITY || resting_kw.includes(value_kw)) return null;
  return run_hours(stuck_hours) >= stuck_hours ? 'stuck' : null;
}

/** Twice the longest run that more than one day has, since one day may itself be a fault. */
function stuckHours(window_kw: Float64Array): number {
  const days: number[] = [];
  for (let start = 0; start < window_kw.length; start += 24)
    days.push(longestRun(window_kw.subarray(start, start + 24)));
  const usual = days.sort((a, b) => b - a)[1] ?? 0;
  return usual >= SCREEN.still_hours ? Number.POSITIVE_INFINITY : Math.max(SCREEN.stuck_hours, 2 * usual + 2);
}

/** Equal readings at the end, if they are enough to be stuck. */
function trailingRun(window_kw: Float64Array): number {
  const last = window_kw.findLast((value) => !Number.isNaN(value));
  const before = window_kw.findLastIndex((value) => !Number.isNaN(value) && value !== last);
  const length = window_kw.length - 1 - before;
  return length >= SCREEN.stuck_hours ? length : 0;
}

function longestRun(day_kw: Float64Array): number {
  let [longest, length, last] = [0, 0, Number.NaN];
  for (const value of day_kw) {
    if (Number.isNaN(value)) continue;
    length = value === last ? length + 1 : 1;
    last = value;
    longest = Math.max(longest, length);
  }
  return longest;
}

/** Values that take SCREEN.usual_hours or more of the window. */
function restingValues(sorted: Float64Array): number[] {
  const values: number[] = [];
  const last = SCREEN.usual_hours - 1;
  for (let i = 0; i + last < sorted.length; i++)
    if (sorted[i] === sorted[i + last] && sorted[i] !== values.at(-1)) values.push(sorted[i] ?? 0);
  return values;
}
