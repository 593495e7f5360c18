import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isHigh } from './mann-whitney.ts';

/** The same by listing every difference: z = 2.326348 is the normal quantile of 0.99, which the interval of 98 % needs. */
function isHighByList(canary: number[], baseline: number[]): boolean {
  const differences = canary.flatMap((x) => baseline.map((y) => x - y)).sort((a, b) => a - b);
  const all = differences.length;
  const deviation = Math.sqrt((all * (canary.length + baseline.length + 1)) / 12);
  const at = (rank: number) => differences[Math.floor(rank)] ?? Number.NaN;
  const lower = at(Math.max(all / 2 - 0.5 - 2.326348 * deviation, 0));
  return lower > 0.25 * Math.abs(at(all / 2));
}

test('the limits are those of the listed differences', () => {
  const sample = (shift: number) =>
    fc
      .array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 15, maxLength: 40 })
      .map((x) => x.map((v) => v + shift));
  fc.assert(
    fc.property(sample(400_000), sample(0), (canary, baseline) => {
      expect(isHigh(Float64Array.from(canary), Float64Array.from(baseline))).toBe(isHighByList(canary, baseline));
    }),
    { numRuns: 200, seed: 1 },
  );
});

test('a proven shift is High, the same values and a lower canary are not', () => {
  const values = Float64Array.from({ length: 48 }, (_, i) => 1 + 0.3 * Math.sin(i));
  const shifted = (by: number) => values.map((x) => x + by);
  expect(isHigh(shifted(0.5), values)).toBe(true);
  expect(isHigh(values, values)).toBe(false);
  expect(isHigh(shifted(-0.5), values)).toBe(false);
});
