import { leastFrom } from '../bisect.ts';
import { BETS, EXCEEDANCE } from './latency.ts';

/** Bets that are made in so many hours of so many answers an hour: one for each full block, or for what two days gave. */
export function betsIn(hours: number, answers_per_hour: number): number {
  if (answers_per_hour === 0) return 0;
  const block_hours = Math.min(Math.ceil(EXCEEDANCE.block_calls / answers_per_hour), EXCEEDANCE.block_hours);
  return block_hours * answers_per_hour < EXCEEDANCE.least_calls ? 0 : Math.floor(hours / block_hours);
}

/**
 * The least share of slow answers, the same in every block from the release's start on, that so many bets prove; null where even an answer
 * that is always slow would not be proven. What the blocks scatter around it is not counted: with 300 calls, a point or two.
 */
export function provenShare(bets: number): number | null {
  return leastFrom(EXCEEDANCE.null_rate, 1, (share) => isProven(share, bets));
}

function isProven(share: number, bets: number): boolean {
  const gain = (share - EXCEEDANCE.null_rate) / EXCEEDANCE.null_rate;
  const e = BETS.reduce((sum, bet) => sum + (1 + bet * gain) ** bets, 0) / BETS.length;
  return e >= 1 / EXCEEDANCE.alpha;
}
