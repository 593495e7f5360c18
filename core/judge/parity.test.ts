import { expect, test } from 'vitest';
import { parityBreak } from './parity.ts';

test('equal within a hundred-thousandth, of m_s where the value is small', () => {
  expect(parityBreak([100, 0], [100.0009, 0], 50)).toBeNull();
  expect(parityBreak([100, 0], [100.0011, 0], 50)).toBe(0);
  expect(parityBreak([7, 4e-7], [7, 0], 50)).toBeNull();
  expect(parityBreak([7, 6e-7], [7, 0], 50)).toBe(1);
});

test('a value that one side lacks, or a lead, is a break', () => {
  expect(parityBreak([1, null], [1, null], 1)).toBeNull();
  expect(parityBreak([1, null], [1, 2], 1)).toBe(1);
  expect(parityBreak([1, 2], [1], 1)).toBe(1);
});
