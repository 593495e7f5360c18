import { expect, test } from 'vitest';
import { guardSentence } from './guard-sentence.ts';

/** Looks as they come of a stable of mean 0.8 and a candidate of mean `candidate`, all with one margin. */
function looks(candidate: number, margin: number) {
  const at = (theta: number) => {
    const mean = candidate - (1 + theta) * 0.8;
    return { mean, margin, lower: mean - margin, upper: mean + margin };
  };
  return { abort: at(0), safe: at(0.05), win: at(-0.15) };
}

test.each([
  ['abort', 1.0, 0.04, "25.0 % higher than the stable's (at least 20.0 % higher", 'it is proven worse'],
  ['safe', 0.8, 0.016, "0.0 % higher than the stable's (at most 2.0 % higher", 'a loss of 5 % or more is ruled out'],
  ['safe', 0.72, 0.04, "10.0 % lower than the stable's (at least 5.0 % lower", 'a loss of 5 % or more is ruled out'],
  ['win', 0.6, 0.016, "25.0 % lower than the stable's (at least 23.0 % lower", 'it is proven at least 15 % better'],
  [
    'continue',
    0.84,
    0.08,
    "5.0 % higher than the stable's (between 5.0 % lower and 15.0 % higher",
    'the guard keeps looking',
  ],
] as const)('%s of a mean of %f', (verdict, candidate, margin, numbers, meaning) => {
  const sentence = guardSentence({ verdict, hours: 100, looks: looks(candidate, margin) });
  expect(sentence).toContain(
    `After 100 judged hours the candidate's live error is ${numbers}, at ${verdict === 'continue' ? 98 : 99} % certainty)`,
  );
  expect(sentence).toContain(meaning);
});

test.each([
  ['abort', 1.0, 0.04, 'at least 20.0 % higher', 'it is proven worse by more than the 5 % that the plan accepts.'],
  [
    'continue',
    0.84,
    0.02,
    'between 2.5 % and 7.5 % higher',
    'it is proven worse, which the plan accepts below 5 %, so the guard keeps looking.',
  ],
  ['safe', 0.82, 0.005, 'at most', 'it is proven worse, which the plan accepts: a loss of 5 % or more is ruled out.'],
  [
    'continue',
    0.8,
    0.08,
    'between 10.0 % lower',
    'that is not enough to call it worse, nor to rule out a loss of 5 %, so',
  ],
] as const)('%s of a mean of %f where the plan accepts a small loss', (verdict, candidate, margin, bound, meaning) => {
  const told = { verdict, hours: 100, looks: looks(candidate, margin), accepted_loss: true };
  expect(guardSentence(told)).toContain(bound);
  expect(guardSentence(told)).toContain(meaning);
});

test('no error is lower by more than all of it, however wide the bound', () => {
  const sentence = guardSentence({ verdict: 'continue', hours: 100, looks: looks(0.4, 0.5) });
  expect(sentence).toContain('between 100.0 % lower and 12.5 % higher');
});

test('the certainty is that of the arm, and an interval may be wrong on both sides', () => {
  const told = { hours: 100, looks: looks(0.8, 0.1), alpha: 0.01 / 3 };
  expect(guardSentence({ ...told, verdict: 'abort' })).toContain('at 99.67 % certainty');
  expect(guardSentence({ ...told, verdict: 'continue' })).toContain('at 99.33 % certainty');
});

test('a candidate that is good, but for too few hours, is told that these are missing', () => {
  const told = { verdict: 'continue', looks: looks(0.48, 0.065) } as const;
  expect(guardSentence({ ...told, hours: 216 })).toMatch(
    /\(between 31\.9 % and 48\.1 % lower, at 98 % certainty\): safe and win are said only from 240 judged hours on, so the/,
  );
  expect(guardSentence({ ...told, looks: looks(0.8, 0.065), hours: 216 })).toContain('not enough to call it worse');
});

test('what it lacks to say anything', () => {
  const none = { abort: null, safe: null, win: null };
  expect(guardSentence({ verdict: 'continue', hours: 23, looks: none })).toContain('23 judged hours of the 24');
  expect(guardSentence({ verdict: 'continue', hours: 24, looks: none })).toContain('no history');
});
