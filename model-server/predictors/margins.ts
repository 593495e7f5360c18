import { COVERAGE } from '../interval.ts';

/** How fast a margin follows: after a day of which every reading was missed it is e^(RATE · 0.9) times as wide. */
const RATE = 0.1;

/**
 * Widens a margin that missed more than one reading in ten of a day and narrows one that missed fewer: the quantile tracker of
 * Angelopoulos, Candès & Tibshirani (2023) on the logarithm, so that margins stay positive and know no unit. Whatever the errors do, as long as
 * the margin stays within bounds [a, b] the share missed in the long run is right to ln(b/a) / (RATE · days).
 */
export function followMargin(margin: number, missed_share: number): number {
  return margin * Math.exp(RATE * (missed_share - (1 - COVERAGE)));
}
