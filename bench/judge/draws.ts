import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** Uniform in [0, 1), of 32 bits. */
export function uniform(random: RandomGenerator): number {
  return (random.next() >>> 0) / 2 ** 32;
}

/** A whole number from 0 to `below` - 1. */
export function below(random: RandomGenerator, limit: number): number {
  return Math.floor(uniform(random) * limit);
}
