import { expect, test } from 'vitest';
import { GUARD, type GuardLook } from './guard.ts';
import { type ArmStanding, winnerOf } from './winner.ts';

const look = (mean: number, margin: number): GuardLook => ({
  mean,
  margin,
  lower: mean - margin,
  upper: mean + margin,
});

/** An arm whose error is `mean` above the stable's, which is 1. */
function arm(name: string, mean: number, margin = 0.05): ArmStanding {
  const looks = { abort: look(mean, margin), safe: look(mean - 0.05, margin), win: look(mean + 0.15, margin) };
  return { arm: name, off: false, harm: null, hours: 300, looks };
}
const alpha = GUARD.alpha / 4;
const control = arm('control', 0, 0.001);

test('the arm with the least error wins where its bound meets no other', () => {
  expect(winnerOf([control, arm('ensemble', -0.1), arm('all', -0.25)], alpha)).toEqual({
    arm: 'all',
    proven: true,
    sentence:
      "Arm all wins: over 300 judged hours its error is 25.0 % lower than the stable's (at least 20.0 % lower, at 99.75 % certainty).",
  });
});

test('it leads only, where others may be as good', () => {
  const { arm: name, proven, sentence } = winnerOf([control, arm('ensemble', -0.2), arm('all', -0.25, 0.3)], alpha);
  expect([name, proven]).toEqual(['all', false]);
  expect(sentence).toBe(
    "Arm all leads: over 300 judged hours its error is 25.0 % lower than the stable's (at most 5.0 % higher, at 99.75 % certainty); that it is better than ensemble or control is not proven.",
  );
});

test('neither an arm that is off nor a harmful one wins, however good it looks', () => {
  const off = { ...arm('online', -0.9), off: true };
  const harmful = { ...arm('all', -0.8), harm: 'it was proven worse' };
  expect(winnerOf([control, off, harmful, arm('ensemble', -0.1)], alpha).arm).toBe('ensemble');
});

test('of equal arms the default one, and none before the guard speaks', () => {
  expect(winnerOf([control, arm('all', 0, 0.001)], alpha).arm).toBe('control');
  const looks = { abort: null, safe: null, win: null };
  expect(winnerOf([{ ...control, looks }], alpha)).toMatchObject({ arm: null, proven: false });
});
