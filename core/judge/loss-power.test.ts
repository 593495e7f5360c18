import { expect, test } from 'vitest';
import { GUARD, marginFactor } from './guard.ts';
import { guardDetects } from './guard-detects.ts';
import { detectableLoss, lossPower, POWER } from './loss-power.ts';
import type { LossSpread } from './loss-spread.ts';

/** Hours that vary alike at every loss, half of it in common. */
const spread: LossSpread = {
  guard: [
    [0.02, 2],
    [0.02, 2],
    [0.02, 2],
  ],
  truth: [
    [0.01, 1],
    [0.01, 1],
    [0.01, 1],
  ],
  scatter: 0.1,
};
const fortnight = { stations: 100, judged_hours: 305, arms: 1, accepted_loss: false };

test('a loss of delta and the margin is found half of the time', () => {
  const factor = marginFactor(305, { rho_sq: GUARD.rho_sq, alpha: GUARD.alpha, sides: 1 });
  const margin = Math.sqrt(GUARD.inflation * 0.04) * factor;
  expect(lossPower(GUARD.delta + margin, fortnight, spread)).toBeCloseTo(0.5, 12);
  expect(lossPower(0, fortnight, spread)).toBeLessThan(1e-6);
});

test('the variance is the parabola through the three losses, and without stations only what they have in common', () => {
  // (1 + loss)^2 / 100, as if the stable were never wrong by more or less than usual.
  const growing: LossSpread = {
    ...spread,
    guard: [
      [0.01, 0],
      [0.0121, 0],
      [0.0144, 0],
    ],
    scatter: 0,
  };
  const factor = marginFactor(305, { rho_sq: GUARD.rho_sq, alpha: GUARD.alpha, sides: 1 });
  const slope = Math.sqrt(GUARD.inflation / 100) * factor;
  const loss = (GUARD.delta + slope) / (1 - slope);
  expect(lossPower(loss, fortnight, growing)).toBeCloseTo(0.5, 9);
  expect(lossPower(0.1, { ...fortnight, stations: null }, spread)).toBe(
    lossPower(0.1, { ...fortnight, stations: 1e12 }, spread),
  );
});

test('more stations, more hours and fewer arms find smaller losses; below 24 hours nothing is found', () => {
  const least = (phase: Partial<typeof fortnight>) => detectableLoss({ ...fortnight, ...phase }, spread) ?? Number.NaN;
  expect(least({ stations: 12 })).toBeGreaterThan(least({}));
  expect(least({ judged_hours: 641 })).toBeLessThan(least({}));
  expect(least({ arms: 4 })).toBeGreaterThan(least({}));
  expect(lossPower(least({}), fortnight, spread)).toBeCloseTo(POWER, 2);
  expect(lossPower(1, { ...fortnight, judged_hours: 23 }, spread)).toBe(0);
  expect(detectableLoss({ ...fortnight, judged_hours: 23 }, spread)).toBeNull();
});

test('where 5 % are accepted, what goes beyond them is found as the smaller loss that it is', () => {
  const accepting = { ...fortnight, accepted_loss: true };
  expect(lossPower(0.05, accepting, spread)).toBeLessThan(1e-4);
  // D(.05) of a loss of 15.5 % is 1.05 times D(0) of one of 10 %, but for delta.
  expect(Math.abs(lossPower(0.155, accepting, spread) - lossPower(0.1, fortnight, spread))).toBeLessThan(0.02);
});

test('what is found says with which power', () => {
  expect(guardDetects(fortnight)).toBe('a loss from 31 % (power at 5 %: under 1 %)');
  expect(guardDetects({ ...fortnight, judged_hours: 365 * 24 })).toBe('a loss from 5.3 % (power at 5 %: 71 %)');
  expect(guardDetects({ ...fortnight, judged_hours: 17 })).toBe('nothing: 17 of 24 judged hours');
  expect(guardDetects({ ...fortnight, judged_hours: 30, stations: 1 })).toMatch(
    /^no loss below twice the error \(power/,
  );
  expect(guardDetects({ ...fortnight, accepted_loss: true })).toMatch(/^a loss from \S+ % \(5 % is accepted\)$/);
});
