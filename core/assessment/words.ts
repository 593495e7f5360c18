import type { Interval } from './estimate.ts';

/** "17.3 % lower", for shares where less is less. */
export function lower(share: number): string {
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

/** "6,237,831.57 EUR" */
export function amount(value: number, currency: string): string {
  return `${value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} ${currency}`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
