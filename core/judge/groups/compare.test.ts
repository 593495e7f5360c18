import normalCdf from '@stdlib/stats-base-dists-normal-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { expect, test } from 'vitest';
import { normalOf, randomOf } from '../../random.ts';
import { GUARD, marginFactor } from '../guard.ts';
import { compareGroups, RHO_SQ, type StationOutcome } from './compare.ts';
import { detectable, stationsNeeded } from './power.ts';

const of = (...ratios: number[]): StationOutcome[] => ratios.map((ratio) => ({ before: 2, since: 2 * ratio }));
const alternating = (n: number, mean: number, spread: number) =>
  of(...Array.from({ length: n }, (_, i) => mean + (i % 2 === 0 ? spread : -spread)));

test('ratios of stations are compared, with the guard’s boundary at the information 1/V', () => {
  const look = compareGroups({ canary: alternating(10, 1.2, 0.1), control: alternating(40, 1.1, 0.2) });
  const [a, b] = [((10 / 9) * 0.01) / 10, ((40 / 39) * 0.04) / 40];
  const v = a + b;
  const freedom = v ** 2 / (a ** 2 / 9 + b ** 2 / 39);
  const normal = marginFactor(1 / v, { rho_sq: RHO_SQ, alpha: 0.01, sides: 1 });
  expect(look?.stations).toEqual({ canary: 10, control: 40 });
  expect(look?.difference).toBeCloseTo(0.1, 12);
  // Few stations make the tail heavier.
  expect(look?.margin).toBeGreaterThan(normal);
  expect(look?.margin).toBeCloseTo(tQuantile(normalCdf(normal / Math.sqrt(v), 0, 1), freedom) * Math.sqrt(v), 9);
  expect(look?.lower).toBeCloseTo(0.1 - (look?.margin ?? 0), 12);
  expect(look?.upper).toBeCloseTo(0.1 + (look?.margin ?? 0), 12);
  expect(look?.sigma_u).toBeCloseTo(Math.sqrt((10 * 0.01 + 40 * 0.04) / 48), 12);
});

test('a station without a past has no ratio, and few stations are no evidence', () => {
  const gone = [{ before: 0, since: 3 }];
  const control = alternating(40, 1, 0.1);
  expect(compareGroups({ canary: [...alternating(9, 1, 0.1), ...gone], control })).toBeNull();
  expect(compareGroups({ canary: [...alternating(10, 1, 0.1), ...gone], control })?.stations.canary).toBe(10);
});

test('ratios that are all alike, or wildly unlike, have no margin, and prove nothing', () => {
  // 1.1 has no end in binary: the mean of equal ones may differ from each.
  const looks = [0, 1e-15, 5].map((spread) =>
    compareGroups({ canary: alternating(10, 1.1, spread), control: alternating(40, 1, spread) }),
  );
  expect(looks).toEqual([null, null, null]);
  expect(detectable({ stations: 50, canary_stations: 10, sigma_u: 5 })).toBeNull();
});

test('the stations a plan needs are those of the design, for a tenth of the stations in the canary', () => {
  expect(stationsNeeded({ sigma_u: 0.1, change: 0.05, share: 0.1 })).toBe(71);
  expect(stationsNeeded({ sigma_u: 0.15, change: 0.05, share: 0.1 })).toBe(158);
  expect(stationsNeeded({ sigma_u: 0.1, change: 0.1, share: 0.5 })).toBe(32);
  // Where one of the groups is empty, no number of stations shows anything.
  for (const share of [0, 1]) expect(stationsNeeded({ sigma_u: 0.1, change: 0.05, share })).toBeNull();
});

/** Draws of a unit normal. */
const normals = (seed: number) => {
  const random = randomOf(seed);
  return () => normalOf(random);
};

type World = { canary: number; control: number; sigma_u: number; change: number; noise: number };
const LOOKS = 20;

/**
 * Stations that differ for good by sigma_u, with noise that averages out over the looks; half of what is left after as many looks.
 * Returns whether a rise and a fall was called at any look.
 */
function calls(world: World, normal: () => number): { rise: boolean; fall: boolean } {
  const station = (change: number) => ({ ratio: 1 + change + world.sigma_u * normal(), noise: 0 });
  const canary = Array.from({ length: world.canary }, () => station(world.change));
  const control = Array.from({ length: world.control }, () => station(0));
  const called = { rise: false, fall: false };
  for (let look = 1; look <= LOOKS; look++) {
    for (const one of [...canary, ...control]) one.noise += world.noise * normal();
    const outcomes = (stations: typeof canary) =>
      stations.map(({ ratio, noise }) => ({ before: 1, since: ratio + noise / look }));
    const found = compareGroups({ canary: outcomes(canary), control: outcomes(control) });
    called.rise ||= found !== null && found.lower > 0;
    called.fall ||= found !== null && found.upper < 0;
  }
  return called;
}

function rates(world: World, runs: number, seed: number) {
  const normal = normals(seed);
  const all = Array.from({ length: runs }, () => calls(world, normal));
  const share = (side: 'rise' | 'fall') => all.filter((called) => called[side]).length / runs;
  return { rise: share('rise'), fall: share('fall') };
}

test.each([
  [10, 90],
  [12, 103],
])(
  'of ties between %i and %i stations, looked at 20 times, at most 1 in 100 is called on each side',
  (canary, control) => {
    const { rise, fall } = rates({ canary, control, sigma_u: 0.15, change: 0, noise: 0.5 }, 800, canary);
    expect(rise).toBeLessThanOrEqual(GUARD.alpha);
    expect(fall).toBeLessThanOrEqual(GUARD.alpha);
  },
);

test('what is called detectable is found 95 times in 100, and no change much smaller is', () => {
  const world = { canary: 71, control: 639, sigma_u: 0.1, noise: 0.05 };
  const change = detectable({ stations: 710, canary_stations: 71, sigma_u: 0.1 }) ?? Number.NaN;
  expect(change).toBeCloseTo(0.07, 3);
  expect(rates({ ...world, change }, 60, 5).rise).toBeGreaterThan(0.9);
  expect(rates({ ...world, change: change / 2 }, 60, 6).rise).toBeLessThan(0.5);
  expect(detectable({ stations: 80, canary_stations: 8, sigma_u: 0.1 })).toBeNull();
});
