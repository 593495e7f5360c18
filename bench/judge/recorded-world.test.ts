import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import { madeLosses } from './made-losses.ts';
import { PATH_DAYS, PATH_HOURS, sides } from './path.ts';
import { type Resampling, recordedWorld } from './recorded-world.ts';

const [stations, recorded_days] = [2, 40];
const hours = 24 * recorded_days;
const GUARD_DAYS = PATH_HOURS / 24;
/** Every value is another, so that a path can be traced back. */
const factors = { seasonal: 3, ridge: 2, rich: 1, retrained: 4 };
const losses = madeLosses(
  stations,
  hours,
  (model, i) => factors[model] * (1 + i) * (1 + 0.1 * Math.sin(factors[model] * i)),
);

function drawn(resampling: Resampling, station: number) {
  const [hours, days] = [sides(PATH_HOURS), sides(PATH_DAYS)];
  recordedWorld(losses, 'dissimilar', 'lead 24', resampling).path(xoroshiro128plus(9))(station, hours, days);
  expect(days.stable[5]).toBeCloseTo(sum(hours.stable.subarray(120, 144)) / 24, 9);
  return hours;
}

const sum = (x: Float64Array) => x.reduce((total, value) => total + value, 0);
const station = (x: Float64Array, s: number) => x.subarray(s * hours, (s + 1) * hours);
const [seasonal, ridge] = [losses.models.seasonal['lead 24'], losses.models.ridge['lead 24']];

test('a bootstrapped path has whole recorded days of all stations together, the candidate scaled to a tie', () => {
  const paths = [drawn(72, 0), drawn(72, 1)];
  const daysOf = paths.map(({ stable }, s) =>
    Array.from({ length: GUARD_DAYS }, (_, d) => station(seasonal, s).indexOf(stable[24 * d] ?? Number.NaN) / 24),
  );
  expect(daysOf[0]).toEqual(daysOf[1]);
  expect(daysOf[0]?.every(Number.isInteger)).toBe(true);
  const followed =
    daysOf[0]?.filter((day, d, all) => d > 0 && day === ((all[d - 1] ?? 0) + 1) % recorded_days).length ?? 0;
  // Blocks of three days on average: two of three days follow the one before.
  expect(followed / GUARD_DAYS).toBeGreaterThan(0.5);
  expect(followed / GUARD_DAYS).toBeLessThan(0.85);
  for (const [s, { candidate, stable }] of paths.entries()) {
    const factor = sum(station(seasonal, s)) / sum(station(ridge, s));
    const recorded = station(seasonal, s).indexOf(stable[77] ?? Number.NaN);
    expect(candidate[77]).toBeCloseTo(factor * (station(ridge, s)[recorded] ?? Number.NaN), 6);
  }
});

test('with swapped labels the days keep their order, and about half of them change sides whole', () => {
  const { candidate, stable } = drawn('swap', 1);
  const [a, b] = [station(ridge, 1), station(seasonal, 1)];
  let swapped = 0;
  for (let d = 0; d < GUARD_DAYS; d++) {
    const straight = a.indexOf(candidate[24 * d] ?? Number.NaN);
    const day = straight >= 0 ? straight / 24 : b.indexOf(candidate[24 * d] ?? Number.NaN) / 24;
    if (straight < 0) swapped++;
    const [c, s] = straight >= 0 ? [a, b] : [b, a];
    expect(candidate.subarray(24 * d, 24 * d + 24)).toEqual(c.subarray(24 * day, 24 * day + 24));
    expect(stable.subarray(24 * d, 24 * d + 24)).toEqual(s.subarray(24 * day, 24 * day + 24));
  }
  expect(swapped).toBeGreaterThan(GUARD_DAYS / 3);
  expect(swapped).toBeLessThan((2 * GUARD_DAYS) / 3);
});
