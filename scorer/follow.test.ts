import { expect, test } from 'vitest';
import { parseDays } from './follow.ts';

test('a month of days is asked for at once, and no more', () => {
  const range = { from: '2026-03-01', to: '2026-03-31' };
  expect(parseDays(range)).toEqual(range);
  const long = { ...range, to: '2026-04-01' };
  expect(() => parseDays(long)).toThrow('from 2026-03-01 to 2026-04-01: is not a range of at most 31 days');
  expect(() => parseDays({ ...range, to: '2026-13-01' })).toThrow('is not a range');
  expect(() => parseDays({ from: '2026-03-01' })).toThrow('to: "undefined" is not a day');
});
