import { createHash } from 'node:crypto';
import { lazily } from '../../core/lazily.ts';
import { normalOf, randomOf } from '../../core/random.ts';
import type { Cost } from './cost.ts';

/** The fleet that one scorer cannot hold. */
export const FLEET = 10_000_000;

export type ShardPlan = {
  shards: number;
  /** Stations of the largest shard over the mean. */
  imbalance: number;
  /** Memory and disk of the largest shard. */
  shard_gb: number;
  shard_disk_gb: number;
  /** From the hour's readings to the last shard's sums, in the middle and in the worst of 100 hours. */
  settle_s_p50: number;
  settle_s_p99: number;
};

/**
 * Ten million stations spread by the hash of their id, an hour settled when its slowest shard is: what each shard costs is extrapolated from
 * two measured fleets, what its batches take is drawn around the measured mean.
 */
export function planShards(shards: number, small: Cost, large: Cost): ShardPlan {
  const sizes = shardSizes(shards);
  const most = sizes.reduce((a, b) => Math.max(a, b), 0);
  const perStation = (of: (cost: Cost) => number) => (of(large) - of(small)) / (large.stations - small.stations);
  const fixed = (of: (cost: Cost) => number) => of(large) - perStation(of) * large.stations;
  const sizeOf = (of: (cost: Cost) => number) => (fixed(of) + perStation(of) * most) / 1000;
  const settled = settleSeconds(sizes, (2 * large.wall_s) / large.records);
  return {
    shards,
    imbalance: (most * shards) / FLEET,
    shard_gb: sizeOf((cost) => cost.peak_rss_mb),
    shard_disk_gb: sizeOf((cost) => cost.disk_mb),
    settle_s_p50: settled[Math.floor(settled.length / 2)] ?? Number.NaN,
    settle_s_p99: settled[Math.floor(settled.length * 0.99)] ?? Number.NaN,
  };
}

const hashes = lazily(() =>
  Uint32Array.from({ length: FLEET }, (_, s) => createHash('md5').update(`station-${s}`).digest().readUInt32LE(0)),
);

function shardSizes(shards: number): Float64Array {
  const sizes = new Float64Array(shards);
  for (const hash of hashes()) sizes[hash % shards] = (sizes[hash % shards] ?? 0) + 1;
  return sizes;
}

const HOURS = 1000;
/** Stations in one question to a Service. */
const BATCH = 1000;
/** How unevenly batches take time: as a log-normal whose standard deviation is its mean, an assumption that the page states. */
const SIGMA = Math.sqrt(Math.log(2));

/** Sorted: the slowest shard's time in each simulated hour; batches of one shard follow each other. */
function settleSeconds(sizes: Float64Array, station_s: number): Float64Array {
  const random = randomOf(sizes.length);
  const hour = () =>
    sizes.reduce((slowest, stations) => {
      let took_s = 0;
      for (let left = stations; left > 0; left -= BATCH)
        took_s += Math.min(left, BATCH) * station_s * Math.exp(SIGMA * normalOf(random) - SIGMA ** 2 / 2);
      return Math.max(slowest, took_s);
    }, 0);
  return Float64Array.from({ length: HOURS }, hour).sort();
}
