import normalQuantile from '@stdlib/stats-base-dists-normal-quantile';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { dayMeans, PATH_DAYS, PATH_HOURS, sides, type World } from './path.ts';

export const tails = ['t3', 't4', 'lognormal'] as const;
export type Tail = (typeof tails)[number];
export type SyntheticWorld = { ar: number; correlation: number; tail: Tail; stations: number };

/** The share of every shock's variance that all stations have in common: weather. */
const WEATHER_SHARE = 0.3;
/** Hours before the path in which the autoregression forgets that it began at 0. */
const BURN_IN = 48;

/**
 * Errors of two models, AR(1) with heavy-tailed shocks of which `correlation` of the variance is common to both models and WEATHER_SHARE to
 * all stations. The two are exchangeable, so that the tie is exact.
 */
export function syntheticWorld({ ar, correlation, tail, stations }: SyntheticWorld): World {
  const shocks = shockTable(tail);
  const parts = [correlation, 1 - correlation, 1 - correlation].map((share) => ({
    common: Math.sqrt(share * WEATHER_SHARE),
    own: Math.sqrt(share * (1 - WEATHER_SHARE)),
  }));
  const [both = none, first = none, second = none] = parts;
  const hours = BURN_IN + 24 * PATH_DAYS;
  const spread = Math.sqrt(1 - ar * ar);
  const errors = sides(24 * PATH_DAYS);
  return {
    stations,
    path: (random) => {
      const [w, w1, w2] = [weather(both), weather(first), weather(second)];
      function weather({ common }: { common: number }): Float64Array {
        return new Float64Array(hours).map(() => common * (shocks[random.next() >>> SHIFT] ?? 0));
      }
      return (_station, to_hours, to_days) => {
        let [e1, e2] = [0, 0];
        for (let h = 0; h < hours; h++) {
          // Two look-ups of one number: its upper bits, and those below them.
          const bits = random.next();
          const shared = (w[h] ?? 0) + both.own * (shocks[bits >>> SHIFT] ?? 0);
          e1 = ar * e1 + spread * (shared + (w1[h] ?? 0) + first.own * (shocks[(bits >>> LOWER_SHIFT) & MASK] ?? 0));
          e2 = ar * e2 + spread * (shared + (w2[h] ?? 0) + second.own * (shocks[random.next() >>> SHIFT] ?? 0));
          if (h < BURN_IN) continue;
          errors.candidate[h - BURN_IN] = Math.abs(e1);
          errors.stable[h - BURN_IN] = Math.abs(e2);
        }
        for (const side of ['candidate', 'stable'] as const) {
          dayMeans(errors[side], to_days[side]);
          to_hours[side].set(errors[side].subarray(0, PATH_HOURS));
        }
      };
    },
  };
}

const none = { common: 0, own: 0 };

const TABLE_BITS = 14;
const SHIFT = 32 - TABLE_BITS;
const LOWER_SHIFT = SHIFT - TABLE_BITS;
const MASK = 2 ** TABLE_BITS - 1;
const tables = new Map<Tail, Float64Array>();

/** Quantiles of a distribution of variance 1 and mean 0, equally likely: a shock is one look-up. The rarest is one in 16,384. */
function shockTable(tail: Tail): Float64Array {
  const known = tables.get(tail);
  if (known !== undefined) return known;
  const size = 2 ** TABLE_BITS;
  const raw = Float64Array.from({ length: size }, (_, i) => quantiles[tail]((i + 0.5) / size));
  const mean = raw.reduce((sum, x) => sum + x, 0) / size;
  const deviation = Math.sqrt(raw.reduce((sum, x) => sum + (x - mean) ** 2, 0) / size);
  const table = raw.map((x) => (x - mean) / deviation);
  tables.set(tail, table);
  return table;
}

const quantiles: Record<Tail, (p: number) => number> = {
  t3: (p) => tQuantile(p, 3),
  t4: (p) => tQuantile(p, 4),
  lognormal: (p) => Math.exp(normalQuantile(p, 0, 1)),
};
