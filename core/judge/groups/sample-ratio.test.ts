import chiSquaredQuantile from '@stdlib/stats-base-dists-chisquare-quantile';
import { expect, test } from 'vitest';
import { randomOf } from '../../random.ts';
import { alarmingCounts, chi2P, lossChi2, SAMPLE_RATIO, type StationHours, weightChi2 } from './sample-ratio.ts';

const exactly = (share: number) => ({ from: share, to: share });

test('the alarm is at one in two thousand', () => {
  expect(SAMPLE_RATIO.chi2).toBeCloseTo(chiSquaredQuantile(1 - 0.0005, 1), 4);
  expect(chi2P(SAMPLE_RATIO.chi2)).toBeCloseTo(0.0005, 7);
});

test('chi-squared of the share of stations, against the nearest that the weights allow', () => {
  const share = 0.1 + SAMPLE_RATIO.tolerance;
  const surplus = (25 - 115 * share - 0.5) ** 2 / (115 * share * (1 - share));
  expect(weightChi2({ canary: 25, stations: 115 }, exactly(0.1))).toBeCloseTo(surplus, 12);
  expect(surplus).toBeGreaterThan(SAMPLE_RATIO.chi2);
  expect(weightChi2({ canary: 12, stations: 115 }, exactly(0.1))).toBe(0);
  // Half of the stations have moved from 10 to 25 %.
  expect(weightChi2({ canary: 20, stations: 115 }, { from: 0.1, to: 0.25 })).toBe(0);
  expect(weightChi2({ canary: 2, stations: 115 }, exactly(0.25))).toBeGreaterThan(SAMPLE_RATIO.chi2);
});

test('at 0 and 100 % one station in a thousand is forgiven', () => {
  expect(weightChi2({ canary: 0, stations: 115 }, exactly(0))).toBe(0);
  expect(weightChi2({ canary: 115, stations: 115 }, exactly(1))).toBe(0);
  expect(weightChi2({ canary: 113, stations: 115 }, exactly(1))).toBeGreaterThan(SAMPLE_RATIO.chi2);
  expect(weightChi2({ canary: 99_905, stations: 100_000 }, exactly(1))).toBeLessThan(SAMPLE_RATIO.chi2);
});

/** Probabilities of 0..n successes. */
function binomial(n: number, p: number): number[] {
  const ln = [0];
  for (let k = 1; k <= n; k++) ln[k] = (ln[k - 1] ?? 0) + Math.log(((n - k + 1) / k) * (p / (1 - p)));
  return ln.map((value) => Math.exp(value + n * Math.log(1 - p)));
}

test('under a fair hash the alarm is nearly as rare as it says, and five times less rare at worst in the smallest fleets', () => {
  const alarms = (stations: number, share: number) =>
    binomial(stations, share).reduce((sum, probability, canary) => {
      return weightChi2({ canary, stations }, exactly(share)) > SAMPLE_RATIO.chi2 ? sum + probability : sum;
    }, 0);
  const worst = (from: number, to: number) => {
    const sizes = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    return Math.max(...[0.1, 0.25, 0.5, 0.75].flatMap((share) => sizes.map((n) => alarms(n, share))));
  };
  expect(worst(100, 400)).toBeLessThan(0.0007);
  expect(worst(50, 100)).toBeLessThan(0.0011);
  expect(worst(2, 50)).toBeLessThan(0.0028);
});

/** Stations of which each has its own chance to be answered in an hour. */
function answered(stations: number, hours: number, chance: () => number, random: () => number): StationHours[] {
  return Array.from({ length: stations }, () => {
    const own = chance();
    const seen = Array.from({ length: hours }, () => random() < own).filter(Boolean).length;
    return { answered: seen, passed: hours };
  });
}

test('one station’s hours are one draw where a caller that is down misses them all', () => {
  const random = randomOf(3);
  const unlike = () => (random() < 0.2 ? 0.1 : 0.98);
  const runs = 2000;
  let [alarms, naive] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const canary = answered(30, 24, unlike, random);
    const control = answered(85, 24, unlike, random);
    if ((lossChi2({ canary, control }) ?? 0) > SAMPLE_RATIO.chi2) alarms++;
    const one = (list: StationHours[]) => [
      { answered: list.reduce((sum, { answered }) => sum + answered, 0), passed: 24 * list.length },
      { answered: 0, passed: 0 },
    ];
    if (pearson(one(canary)[0], one(control)[0]) > SAMPLE_RATIO.chi2) naive++;
  }
  expect(alarms / runs).toBeLessThan(0.003);
  // The textbook's chi-squared on station-hours takes them for independent.
  expect(naive / runs).toBeGreaterThan(0.2);
});

function pearson(a: StationHours | undefined, b: StationHours | undefined): number {
  if (a === undefined || b === undefined) throw new Error('two groups are compared');
  const pooled = (a.answered + b.answered) / (a.passed + b.passed);
  const variance = pooled * (1 - pooled) * (1 / a.passed + 1 / b.passed);
  return (a.answered / a.passed - b.answered / b.passed) ** 2 / variance;
}

test('a group that loses a twentieth of its hours is found', () => {
  const random = randomOf(4);
  const found = Array.from({ length: 100 }, () => {
    const canary = answered(12, 168, () => 0.94, random);
    const control = answered(103, 168, () => 0.99, random);
    return (lossChi2({ canary, control }) ?? 0) > SAMPLE_RATIO.chi2;
  });
  expect(found.filter(Boolean).length).toBe(100);
});

test('hours that are all answered differ in nothing, and one group alone says nothing', () => {
  const whole = [
    { answered: 24, passed: 24 },
    { answered: 24, passed: 24 },
  ];
  expect(lossChi2({ canary: whole, control: whole })).toBe(0);
  expect(lossChi2({ canary: [], control: whole })).toBeNull();
  expect(lossChi2({ canary: [{ answered: 0, passed: 0 }], control: whole })).toBeNull();
});

test.each([0.1, 0.25, 0.5, 1])('the counts that alarm at %d are those whose chi-squared does', (weight) => {
  const { fewer_than, more_than } = alarmingCounts(115, weight, { pinned: 0, kept_out: 0 });
  const alarms = (canary: number) => weightChi2({ canary, stations: 115 }, exactly(weight)) > SAMPLE_RATIO.chi2;
  const counts = Array.from({ length: 116 }, (_, canary) => canary);
  expect(counts.filter(alarms)).toEqual(
    counts.filter((n) => (fewer_than !== null && n < fewer_than) || (more_than !== null && n > more_than)),
  );
});

test('stations apart leave room on their side', () => {
  const of = (apart: { pinned: number; kept_out: number }) => alarmingCounts(115, 0.25, apart);
  const [none, pinned, kept] = [
    of({ pinned: 0, kept_out: 0 }),
    of({ pinned: 9, kept_out: 0 }),
    of({ pinned: 0, kept_out: 40 }),
  ];
  expect(pinned).toEqual({ fewer_than: none.fewer_than, more_than: (none.more_than ?? Number.NaN) + 9 });
  expect(kept.more_than).toBe(none.more_than);
  expect([none.fewer_than, kept.fewer_than]).toEqual([12, 3]);
  expect(alarmingCounts(8, 0.1, { pinned: 0, kept_out: 0 }).fewer_than).toBeNull();
});
