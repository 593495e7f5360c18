import { expect, test } from 'vitest';
import { armAlpha, GUARD, guardAt, guardVerdict, marginFactor } from './guard.ts';

/** The document's test vectors: the boundary without sigma and kappa. */
test.each([
  [10, 1, 1.042589],
  [100, 1, 0.278724],
  [1000, 1, 0.096605],
  [10, 2, 1.156254],
  [100, 2, 0.303781],
  [1000, 2, 0.103502],
] as const)('the boundary at n = %i with %i side(s) is %f', (n, sides, expected) => {
  expect(marginFactor(n, { rho_sq: 0.1, alpha: 0.05, sides })).toBeCloseTo(expected, 6);
});

/** Sums of a series that alternates around `mean` by `spread`: its sample variance is known by hand. */
function alternating(n: number, mean: number, spread: number) {
  return { n, sum: n * mean, sumsq: n * (mean ** 2 + spread ** 2) };
}

test('the margin shrinks the running variance towards the backtest by 96 hours', () => {
  const constants = { sigma0_sq: 0.04, kappa: 8 };
  const look = guardAt(alternating(96, 0.2, 0.1), constants);
  const running_sq = (96 / 95) * 0.01;
  const expected =
    Math.sqrt(2.35 * 8 * ((0.04 + running_sq) / 2)) * marginFactor(96, { rho_sq: 0.02, alpha: 0.01, sides: 1 });
  expect(look?.margin).toBeCloseTo(expected, 12);
  expect(look?.lower).toBeCloseTo(0.2 - expected, 12);
  expect(look?.upper).toBeCloseTo(0.2 + expected, 12);
});

test('two arms share the error: each is judged as strictly as half an alpha', () => {
  const sums = alternating(96, 0.2, 0.1);
  const one = guardAt(sums, { sigma0_sq: 0.04, kappa: 8 })?.margin ?? 0;
  const two = guardAt(sums, { sigma0_sq: 0.04, kappa: 8 }, armAlpha(2))?.margin ?? 0;
  const factor = (alpha: number) => marginFactor(96, { rho_sq: 0.02, alpha, sides: 1 });
  expect(two / one).toBeCloseTo(factor(0.005) / factor(0.01), 12);
  expect(two).toBeGreaterThan(one);
});

test('nothing is said before 24 hours', () => {
  expect(guardAt(alternating(GUARD.min_hours - 1, 9, 0.1), { sigma0_sq: 0.01, kappa: 8 })).toBeNull();
  expect(guardAt(alternating(GUARD.min_hours, 9, 0.1), { sigma0_sq: 0.01, kappa: 8 })).not.toBeNull();
});

test('rounding that makes the running variance negative does not make the margin NaN', () => {
  const look = guardAt({ n: 30, sum: 30 * 0.1, sumsq: 30 * 0.01 - 1e-12 }, { sigma0_sq: 0, kappa: 8 });
  expect(look).toMatchObject({ margin: 0 });
});

const at = (mean: number, margin: number) => ({ mean, margin, lower: mean - margin, upper: mean + margin });

test('a loss must be proven above delta, and abort takes precedence', () => {
  const safe = at(-0.05, 0.03);
  expect(guardVerdict({ abort: at(0.03, 0.015), safe, win: null }, GUARD.min_hours_good)).toBe('abort');
  expect(guardVerdict({ abort: at(0.03, 0.021), safe, win: null }, GUARD.min_hours_good)).toBe('safe');
  expect(guardVerdict({ abort: at(0, 0.1), safe, win: at(-0.04, 0.02) }, GUARD.min_hours_good)).toBe('win');
  expect(guardVerdict({ abort: at(0, 0.1), safe: at(-0.05, 0.041), win: null }, GUARD.min_hours_good)).toBe('continue');
  expect(guardVerdict({ abort: null, safe: null, win: null }, GUARD.min_hours_good)).toBe('continue');
});

test('where a small loss is accepted, only a loss proven beyond 5 % aborts', () => {
  const hours = GUARD.min_hours_good;
  const looks = { abort: at(0.03, 0.015), safe: at(-0.02, 0.015), win: null };
  expect([guardVerdict(looks, hours), guardVerdict(looks, hours, true)]).toEqual(['abort', 'continue']);
  expect(guardVerdict({ ...looks, safe: at(-0.02, 0.005) }, hours, true)).toBe('safe');
  expect(guardVerdict({ ...looks, safe: at(0.02, 0.005) }, GUARD.min_hours, true)).toBe('abort');
  expect(guardVerdict({ ...looks, safe: null }, hours, true)).toBe('continue');
});

test('only an abort is said in the first ten days', () => {
  const [safe, win] = [at(-0.05, 0.03), at(-0.04, 0.02)];
  expect(guardVerdict({ abort: at(0, 0.1), safe, win }, GUARD.min_hours_good - 1)).toBe('continue');
  expect(guardVerdict({ abort: at(0.03, 0.015), safe, win }, GUARD.min_hours)).toBe('abort');
});
