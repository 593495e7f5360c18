import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { guardConstants } from '../../core/judge/backtest.ts';
import { type LossSpread, type Shrinking, SPREAD_HOURS, SPREAD_LOSS_STEP } from '../../core/judge/loss-spread.ts';
import { mean, variance } from '../../core/judge/series.ts';
import { changed, type World } from '../judge/path.ts';
import { type FleetPath, fleetPath } from './fleet-path.ts';

/** A world of at least so many stations: recorded ones have what they have, synthetic ones as many as are asked for. */
export type WorldOf = (stations: number) => World;

const LOSSES = [0, SPREAD_LOSS_STEP, 2 * SPREAD_LOSS_STEP] as const;

/** What is drawn for one purpose is independent of what is drawn for another. */
export function randomOf(seed: number, purpose: number, stations: number, run: number): RandomGenerator {
  const mixed = Math.imul(seed, 0x9e3779b1) ^ Math.imul(2 * stations + purpose, 0x85ebca6b);
  return xoroshiro128plus(mixed ^ Math.imul(run + 1, 0xc2b2ae35));
}

/** Measures a world's spread on `runs` ties of each size of fleet. */
export function measureSpread(worldOf: WorldOf, sizes: readonly number[], runs: number, seed: number): LossSpread {
  const measured = sizes.map((stations) => {
    const world = worldOf(stations);
    const paths = Array.from({ length: runs }, (_, run) =>
      measure(fleetPath(world, stations, randomOf(seed, 0, stations, run))),
    );
    const over = (of: (path: Measured) => number) => Float64Array.from(paths, of);
    return {
      stations,
      guard: LOSSES.map((_, i) => Math.exp(mean(over(({ guard_ln }) => guard_ln[i] ?? Number.NaN)))),
      truth: LOSSES.map((_, i) => SPREAD_HOURS * variance(over(({ means }) => means[i] ?? Number.NaN))),
      // The margin is the root of a variance.
      scatter: Math.sqrt(variance(over(({ guard_ln }) => guard_ln[0] ?? Number.NaN))) / 2,
    };
  });
  const fitted = (of: (size: (typeof measured)[number], i: number) => number) => {
    const at = (i: number) => shrinking(measured.map((size) => ({ stations: size.stations, value: of(size, i) })));
    return [at(0), at(1), at(2)] as const;
  };
  return {
    guard: fitted(({ guard }, i) => guard[i] ?? Number.NaN),
    truth: fitted(({ truth }, i) => truth[i] ?? Number.NaN),
    scatter: mean(Float64Array.from(measured, ({ scatter }) => scatter)),
  };
}

/** Of one path, at each of LOSSES: ln of what the guard takes for the long-run variance, and the mean of D(0). */
type Measured = { guard_ln: number[]; means: number[] };

function measure({ history, live }: FleetPath): Measured {
  const guard_ln = LOSSES.map((loss) => {
    const constants = guardConstants(changed(history, loss), 0);
    if (constants === null) throw new RangeError('the history is too short for the guard');
    return Math.log(constants.sigma0_sq * constants.kappa);
  });
  const means = LOSSES.map((loss) => {
    const { candidate, stable } = changed(live, loss);
    return mean(candidate.subarray(0, SPREAD_HOURS)) - mean(stable.subarray(0, SPREAD_HOURS));
  });
  return { guard_ln, means };
}

/** Least squares of value = common + own/stations, of relative errors. */
function shrinking(sizes: readonly { stations: number; value: number }[]): Shrinking {
  let [s11, s12, s22, y1, y2] = [0, 0, 0, 0, 0];
  for (const { stations, value } of sizes) {
    const [weight, x] = [1 / value ** 2, 1 / stations];
    s11 += weight;
    s12 += weight * x;
    s22 += weight * x * x;
    y1 += weight * value;
    y2 += weight * x * value;
  }
  const determinant = s11 * s22 - s12 * s12;
  return [(y1 * s22 - y2 * s12) / determinant, (s11 * y2 - s12 * y1) / determinant];
}
