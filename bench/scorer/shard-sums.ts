import { addDifference, hourMeans, type ThetaSums } from '../../core/judge/hour-means.ts';
import { zeroSums } from '../../core/judge/pairs.ts';
import { randomOf } from '../../core/random.ts';

/** Means over leads of |candidate - y| and |stable - y|. */
const FIELDS = 2;

/**
 * The largest relative difference between the guard's sums of one scorer and those put together from `shards` scorers, each of which sends one
 * hour's means with the number of stations they are of: the one thing about judging that sharding changes.
 */
export function mergeError(stations: number, shards: number, hours: number): number {
  const random = randomOf(shards);
  const [whole, merged] = [zeroSums().theta, zeroSums().theta];
  const scale_kw = Float64Array.from({ length: stations }, () => 1 + 9 * random());
  for (let h = 0; h < hours; h++) {
    const errors = Float64Array.from({ length: stations * FIELDS }, () => 10 * random());
    const means = hourMeans(errors, FIELDS, scale_kw);
    if (means === null) throw new Error('a full hour has means');
    addDifference(whole, means);
    addDifference(merged, mergedMeans(errors, scale_kw, shards));
  }
  return Math.max(...(['abort', 'safe', 'win'] as const).map((name) => relative(whole, merged, name)));
}

function mergedMeans(errors: Float64Array, scale_kw: Float64Array, shards: number) {
  const size = Math.ceil(scale_kw.length / shards);
  const sum = { candidate: 0, stable: 0 };
  for (let from = 0; from < scale_kw.length; from += size) {
    const scales = scale_kw.subarray(from, from + size);
    const means = hourMeans(errors.subarray(FIELDS * from, FIELDS * (from + size)), FIELDS, scales);
    sum.candidate += (means?.candidate ?? Number.NaN) * scales.length;
    sum.stable += (means?.stable ?? Number.NaN) * scales.length;
  }
  return { candidate: sum.candidate / scale_kw.length, stable: sum.stable / scale_kw.length };
}

function relative(a: ThetaSums, b: ThetaSums, name: keyof ThetaSums): number {
  const of = (field: 'sum' | 'sumsq') => Math.abs(a[name][field] - b[name][field]) / Math.abs(a[name][field]);
  return Math.max(of('sum'), of('sumsq'));
}
