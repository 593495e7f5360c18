import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { LeadMode, Losses, Model } from './candidates.ts';
import { below, uniform } from './draws.ts';
import { dayMeans, PATH_DAYS, PATH_HOURS, type World } from './path.ts';

/** Stable and candidate, by how much they resemble each other. */
export const pairs = {
  dissimilar: { stable: 'seasonal', candidate: 'ridge' },
  similar: { stable: 'ridge', candidate: 'rich' },
  'near-identical': { stable: 'ridge', candidate: 'retrained' },
} as const satisfies Record<string, { stable: Model; candidate: Model }>;
export type Pair = keyof typeof pairs;

/** Mean block of a stationary bootstrap in hours, or the days in their order with the two labels swapped at random. */
export type Resampling = 48 | 72 | 168 | 'swap';

/**
 * Recorded errors resampled by whole days, all stations together. Bootstrapped, the candidate is scaled per station to a tie over the
 * record, which is exact because the bootstrap is circular. Swapped, the tie is exact by symmetry and nothing is scaled.
 */
export function recordedWorld(losses: Losses, pair: Pair, leads: LeadMode, resampling: Resampling): World {
  const stable = daily(losses.models[pairs[pair].stable][leads]);
  const raw = losses.models[pairs[pair].candidate][leads];
  const candidate = daily(resampling === 'swap' ? raw : tied(raw, stable.hours, losses.hours));
  return {
    stations: losses.stations,
    path: (random) => {
      const days = resampling === 'swap' ? inOrder(random, losses) : blocks(random, losses, resampling / 24);
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

function daily(hours: Float64Array): Recorded {
  const days = new Float64Array(hours.length / 24);
  dayMeans(hours, days);
  return { hours, days };
}

/** Politis and Romano's stationary bootstrap: blocks of geometric length, circular. */
function blocks(random: RandomGenerator, { hours }: Losses, mean_days: number): Int32Array {
  const recorded = hours / 24;
  let day = below(random, recorded);
  return new Int32Array(PATH_DAYS).map(() => {
    const now = day;
    day = uniform(random) < 1 / mean_days ? below(random, recorded) : (day + 1) % recorded;
    return now;
  });
}

function inOrder(random: RandomGenerator, { hours }: Losses): Int32Array {
  const recorded = hours / 24;
  const first = below(random, recorded);
  return new Int32Array(PATH_DAYS).map((_, d) => (first + d) % recorded);
}

/** The candidate's losses, scaled so that every station's mean over the record is the stable's. */
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
