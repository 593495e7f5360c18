import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { stationaryBootstrap } from '../../core/judge/bootstrap.ts';
import type { Losses } from './candidates.ts';
import { below, uniform } from './draws.ts';
import { type LeadMode, type Pair, pairs } from './models.ts';
import { dayMeans, PATH_DAYS, PATH_HOURS, type World } from './path.ts';

/** Mean block of a stationary bootstrap in hours, or the days in their order with the two labels swapped at random. */
export type Resampling = 48 | 72 | 168 | 'swap';

/**
 * Recorded errors resampled by whole days, all stations together. Bootstrapped, the candidate is scaled per station to a tie over the
 * record, which is exact because the bootstrap is circular. Swapped, the tie is exact by symmetry and nothing is scaled.
 */
export function recordedWorld(losses: Losses, pair: Pair, leads: LeadMode, resampling: Resampling): World {
  const { candidate, stable } = resampling === 'swap' ? rawPair(losses, pair, leads) : tiedPair(losses, pair, leads);
  return {
    stations: losses.stations,
    path: (random) => {
      const days = resampling === 'swap' ? inOrder(random, losses) : bootstrapDays(random, losses, resampling);
      const swapped = days.map(() => (resampling === 'swap' && uniform(random) < 0.5 ? 1 : 0));
      return (station, to_hours, to_days) => {
        for (let d = 0; d < PATH_DAYS; d++) {
          const day = (station * losses.hours) / 24 + (days[d] ?? 0);
          const [c, b] = swapped[d] === 1 ? [stable, candidate] : [candidate, stable];
          to_days.candidate[d] = c.days[day] ?? Number.NaN;
          to_days.stable[d] = b.days[day] ?? Number.NaN;
          if (24 * d >= PATH_HOURS) continue;
          for (let h = 0; h < 24; h++) {
            to_hours.candidate[24 * d + h] = c.hours[24 * day + h] ?? Number.NaN;
            to_hours.stable[24 * d + h] = b.hours[24 * day + h] ?? Number.NaN;
          }
        }
      };
    },
  };
}

/** Losses of one side: `[station * hours + hour]`, and means of whole days in the same order. */
type Recorded = { hours: Float64Array; days: Float64Array };

function rawPair(losses: Losses, pair: Pair, leads: LeadMode): Record<'candidate' | 'stable', Recorded> {
  const { candidate, stable } = pairs[pair];
  return { candidate: daily(losses.models[candidate][leads]), stable: daily(losses.models[stable][leads]) };
}

/** The candidate's losses, scaled so that every station's mean over the record is the stable's. */
export function tiedPair(losses: Losses, pair: Pair, leads: LeadMode): Record<'candidate' | 'stable', Recorded> {
  const { candidate, stable } = rawPair(losses, pair, leads);
  return { candidate: daily(tied(candidate.hours, stable.hours, losses.hours)), stable };
}

function daily(hours: Float64Array): Recorded {
  const days = new Float64Array(hours.length / 24);
  dayMeans(hours, days);
  return { hours, days };
}

/** The stationary bootstrap with blocks of `mean_hours`. */
export function bootstrapDays(random: RandomGenerator, { hours }: Losses, mean_hours: number): Int32Array {
  return stationaryBootstrap(hours / 24, PATH_DAYS, mean_hours / 24, () => uniform(random));
}

function inOrder(random: RandomGenerator, { hours }: Losses): Int32Array {
  const recorded = hours / 24;
  const first = below(random, recorded);
  return new Int32Array(PATH_DAYS).map((_, d) => (first + d) % recorded);
}

function tied(candidate: Float64Array, stable: Float64Array, hours: number): Float64Array {
  const total = (x: Float64Array) => x.reduce((sum, loss) => sum + loss, 0);
  const scaled = new Float64Array(candidate.length);
  for (let from = 0; from < candidate.length; from += hours) {
    const [c, b] = [candidate.subarray(from, from + hours), stable.subarray(from, from + hours)];
    const factor = total(b) / total(c);
    scaled.set(
      c.map((loss) => factor * loss),
      from,
    );
  }
  return scaled;
}
