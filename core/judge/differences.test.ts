import { expect, test } from 'vitest';
import { LEADS } from '../record.ts';
import { fleetDifference, stationDifferences } from './differences.ts';

test('retired stations, of which nothing is expected, do not silence the others', () => {
  const row = (...values: number[]) => Float64Array.from(values.flatMap((kw) => new Array<number>(LEADS).fill(kw)));
  const sums = stationDifferences(row(12, Number.NaN, Number.NaN), row(10, Number.NaN, Number.NaN));
  const scale_kw = Float64Array.of(2, 2, 2);
  expect(fleetDifference(sums, scale_kw)).toBeNull();
  expect(fleetDifference(sums, scale_kw, 2)).toEqual({ bias: 1, log_distance: 0, size: 5 });
});
