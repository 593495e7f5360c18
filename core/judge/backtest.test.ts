import tQuantile from '@stdlib/stats-base-dists-t-quantile';
import { expect, test } from 'vitest';
import { BACKTEST, backtestVerdict, guardConstants, judgeBacktest, lookAtDays, saidAgain } from './backtest.ts';
import type { PairedLosses } from './losses.ts';
import { cosines, longRunVariance } from './series.ts';

const series = (n: number, of: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => of(i));

const noise = (d: number) => 0.02 * Math.sin(d * d);

/** Losses in which the stable's are 1 and the candidate's are as given per day, with a ripple over the hours of the day. */
function losses(days: number, candidate: (day: number) => number): PairedLosses {
  return {
    from_h: 1,
    to_h: 24 * days,
    scale_kw: { a: 2 },
    stations_left_out: [],
    days_left_out: 0,
    days: { candidate: series(days, candidate), stable: series(days, () => 1) },
    hours: {
      target_h: series(24 * days, (i) => 1 + i),
      candidate: series(24 * days, (i) => candidate(Math.floor(i / 24)) + 0.1 * Math.sin((Math.PI * i) / 12)),
      stable: series(24 * days, () => 1),
    },
    mae_kw: { candidate: 2, stable: 2 },
    rmse_scaled: { candidate: 1, stable: 1 },
    station_hours: 24 * days,
    invalid_values: { candidate: 0, stable: 0 },
  };
}

const judged = (days: number, candidate: (day: number) => number, accepted_loss?: string) =>
  judgeBacktest({
    candidate_release: 'sha256:c',
    stable_release: 'sha256:s',
    losses: losses(days, candidate),
    tries: 1,
    ...(accepted_loss === undefined ? {} : { accepted_loss }),
  });

test.each([
  [90, 8, 3.833, 5.041],
  [120, 10, 3.581, 4.587],
])('N = %i days: %i cosines, t = %f to abort and %f for safe and win', (days, nu, abort, good) => {
  expect(cosines(days)).toBe(nu);
  expect(tQuantile(BACKTEST.level.abort, nu)).toBeCloseTo(abort, 3);
  expect(tQuantile(BACKTEST.level.safe, nu)).toBeCloseTo(good, 3);
  const even = losses(days, (d) => 1.1 + noise(d)).days;
  const [a, s] = [lookAtDays(even, 'abort').margin, lookAtDays(even, 'safe').margin];
  expect(s / a).toBeCloseTo(good / abort, 3);
  expect(lookAtDays(even, 'win').margin).toBeCloseTo(s, 12);
});

test('a slow swing is what the first cosines see', () => {
  const swing = (d: number) => 1.1 + 0.3 * Math.sqrt(2 / 90) * Math.cos((Math.PI * (d + 0.5)) / 90);
  const look = lookAtDays(losses(90, swing).days, 'abort');
  expect(look.mean).toBeCloseTo(0.1, 12);
  expect(look.margin).toBeCloseTo(tQuantile(0.9975, 8) * Math.sqrt(0.3 ** 2 / 8 / 90), 12);
});

test('a fortnightly swing escapes the cosines, and Bartlett over 7 days takes it', () => {
  const x = (d: number) => 1 + 0.2 * Math.cos((Math.PI * 13 * (d + 0.5)) / 90);
  const { days } = losses(90, x);
  const long_run = longRunVariance(series(90, x), 7);
  expect(long_run).toBeGreaterThan(0.02);
  expect(lookAtDays(days, 'abort').margin).toBeCloseTo(tQuantile(0.9975, 8) * Math.sqrt(long_run / 90), 12);
});

test('Bartlett weights are 1 - k/(lags + 1)', () => {
  expect(longRunVariance(Float64Array.of(1, 2, 3, 4), 1)).toBeCloseTo(1.25 + 2 * 0.5 * 0.3125, 12);
});

test.each([
  ['abort', 1.08, 1],
  ['continue', 1.04, 10],
  ['safe', 0.98, 1],
  ['win', 0.7, 1],
] as const)('%s at a loss ratio of %f with noise of %i', (verdict, ratio, loudness) => {
  expect(judged(120, (d) => ratio + loudness * noise(d)).verdict).toBe(verdict);
});

test('abort goes before safe, unless the plan accepts a proven small loss and it is safe', () => {
  const small = (d: number) => 1.02 + noise(d) / 10;
  expect(judged(120, small).verdict).toBe('abort');
  expect(judged(120, small, 'half the memory')).toMatchObject({ verdict: 'safe', accepted_loss: 'half the memory' });
  expect(judged(120, (d) => 1.08 + noise(d), 'half the memory').verdict).toBe('abort');
});

test('the thresholds are crossed by the bound, not by the mean', () => {
  const neither = { mean: 0, margin: 1 };
  const verdict = (abort: number) =>
    backtestVerdict({ abort: { mean: abort, margin: 0.1 }, win: neither, safe: neither }, false);
  expect(verdict(0.1049)).toBe('continue');
  expect(verdict(0.1051)).toBe('abort');
});

test('too few days give no verdict, but the guard its constants from the last 28', () => {
  const short = judged(40, (d) => (d < 12 ? 50 : 1.1));
  expect(short).toMatchObject({ verdict: 'none', days: 40, theta: { abort: { look: null } } });
  expect(short.sentence).toContain('40 whole days of the 90');
  expect(short.theta.abort.guard?.sigma0_sq).toBeCloseTo(0.005 * (672 / 671), 12);
  expect(guardConstants(losses(21, () => 1).hours, 0)).not.toBeNull();
  expect(guardConstants(losses(20, () => 1).hours, 0)).toBeNull();
});

test('kappa is at least 8, and more where hours go together for long', () => {
  expect(guardConstants(losses(28, () => 1).hours, 0)?.kappa).toBe(8);
  const weekly = guardConstants(losses(28, (d) => 1 + Math.sin((2 * Math.PI * d) / 28)).hours, 0);
  expect(weekly?.kappa).toBeGreaterThan(20);
});

test('the sentence has the numbers a manager needs', () => {
  const { sentence, theta } = judged(120, (d) => 0.802 + noise(d));
  const look = theta.abort.look ?? { mean: 0, margin: 0 };
  const percent = (x: number) => `${(100 * Math.abs(x)).toFixed(1)} %`;
  expect(sentence).toBe(
    `Over 120 days the candidate's error was ${percent(look.mean)} lower than the stable's (between ${percent(look.mean + look.margin)} and ${percent(look.mean - look.margin)} lower, at 99.5 % certainty): it is proven at least 15 % better.`,
  );
});

test('whoever tries again is seen in the sentence', () => {
  const again = { candidate_release: 'sha256:c', stable_release: 'sha256:s', losses: losses(120, noise), tries: 3 };
  const third = judgeBacktest(again);
  expect(third.sentence).toMatch(/It was backtested 3 times\.$/);
  expect(saidAgain(third, 4)).toEqual({ ...third, tries: 4, sentence: third.sentence.replace('3 times', '4 times') });
  const first = judgeBacktest({ ...again, tries: 1 });
  expect(saidAgain(first, 2).sentence).toBe(`${first.sentence} It was backtested 2 times.`);
});

test('several arms share the error of one: each needs a larger margin, and its sentence names it', () => {
  const one = { candidate_release: 'sha256:c', stable_release: 'sha256:s', losses: losses(120, noise), tries: 1 };
  const [alone, shared] = [judgeBacktest(one), judgeBacktest({ ...one, arm: { name: 'weekly', of: 4 } })];
  for (const word of ['abort', 'safe', 'win'] as const) {
    const [a, s] = [alone, shared].map(({ theta }) => theta[word].look?.margin ?? Number.NaN);
    const tail = 1 - BACKTEST.level[word];
    expect((s ?? 0) / (a ?? 1)).toBeCloseTo(tQuantile(1 - tail / 4, 10) / tQuantile(1 - tail, 10), 9);
  }
  expect(shared.sentence).toMatch(/^Over 120 days the error of the candidate's arm weekly was /);
  expect(shared.sentence).toContain('at 99.88 % certainty');
});
