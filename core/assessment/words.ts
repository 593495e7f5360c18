import type { Interval } from './estimate.ts';

/** Percent beyond this say no more than that: something was divided by almost nothing. */
const MOST_PERCENT = 100_000;

/** "17.3 % lower", for shares where less is less. */
export function lower(share: number): string {
  if (100 * share > MOST_PERCENT) return `more than ${MOST_PERCENT.toLocaleString('en')} % higher`;
  return `${Math.abs(100 * share).toFixed(1)} % ${share > 0 ? 'higher' : 'lower'}`;
}

/** "between 15.0 % lower and 2.1 % higher"; where there are too few days, says so. */
export function between({ low, high }: Interval): string {
  if (low === null || high === null) return 'with too few days for an interval';
  const [a, b] = low < 0 && high <= 0 ? [high, low] : [low, high];
  return `between ${lower(a)} and ${lower(b)}`;
}

export function signedMs(ms: number): string {
  return `${ms < 0 ? '−' : '+'}${Math.abs(ms).toFixed(1)} ms`;
}

/** An amount of money with its bounds; equal bounds: it is stated, and exact. */
export type Amount = { value: number; low: number | null; high: number | null };

/** How an amount and its bounds are written: digits below half the width of its interval say nothing. 6,237,831.57 ± 550,000 → "6.2 million EUR". */
export function moneyIn(currency: string, { value, low, high }: Amount): (value: number) => string {
  const step = Math.max(
    low === null || high === null ? tenth(value) : (high - low) / 2,
    Math.abs(value) < 100 ? 0.01 : 1,
  );
  const digits = Math.floor(Math.log10(step));
  const [unit, name] = digits >= MILLION - 1 ? [MILLION, 'million '] : [0, ''];
  return (shown) => {
    const rounded = Math.round(shown / 10 ** digits) * 10 ** (digits - unit);
    return `${rounded.toLocaleString('en', { maximumFractionDigits: Math.max(unit - digits, 0) })} ${name}${currency}`;
  };
}

const MILLION = 6;

/** Two digits of what has no interval. */
function tenth(value: number): number {
  return value === 0 ? 1 : 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
