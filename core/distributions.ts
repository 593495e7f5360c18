/**
 * Distributions of @stdlib, each loaded when it is first asked for: they are 300 files and a tenth of a second, and most processes that know
 * how to judge never do (docs/plan-speed.md).
 */
import { createRequire } from 'node:module';
import { lazily } from './lazily.ts';

const load = createRequire(import.meta.url);

const loaded = {
  normalCdf: lazily<typeof import('@stdlib/stats-base-dists-normal-cdf')>(() =>
    load('@stdlib/stats-base-dists-normal-cdf'),
  ),
  normalQuantile: lazily<typeof import('@stdlib/stats-base-dists-normal-quantile')>(() =>
    load('@stdlib/stats-base-dists-normal-quantile'),
  ),
  tCdf: lazily<typeof import('@stdlib/stats-base-dists-t-cdf')>(() => load('@stdlib/stats-base-dists-t-cdf')),
  tQuantile: lazily<typeof import('@stdlib/stats-base-dists-t-quantile')>(() =>
    load('@stdlib/stats-base-dists-t-quantile'),
  ),
  chiSquaredCdf: lazily<typeof import('@stdlib/stats-base-dists-chisquare-cdf')>(() =>
    load('@stdlib/stats-base-dists-chisquare-cdf'),
  ),
};

export function normalCdf(x: number, mean: number, deviation: number): number {
  return loaded.normalCdf()(x, mean, deviation);
}

export function normalQuantile(probability: number, mean: number, deviation: number): number {
  return loaded.normalQuantile()(probability, mean, deviation);
}

/** Of Student's t. */
export function tCdf(x: number, freedom: number): number {
  return loaded.tCdf()(x, freedom);
}

/** Of Student's t. */
export function tQuantile(probability: number, freedom: number): number {
  return loaded.tQuantile()(probability, freedom);
}

export function chiSquaredCdf(x: number, freedom: number): number {
  return loaded.chiSquaredCdf()(x, freedom);
}
