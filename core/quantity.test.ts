import { expect, test } from 'vitest';
import { quantityNumber } from './quantity.ts';

test('a quantity is the number that is nearest to it, in every unit', () => {
  expect(['1400m', '1100m', '3', '2k', '5M', '7G', '9T'].map(quantityNumber)).toEqual([
    ...[1.4, 1.1, 3, 2e3, 5e6, 7e9, 9e12],
  ]);
  expect(['3Ki', '512Mi', '1Gi', '2Ti'].map(quantityNumber)).toEqual([3072, 2 ** 29, 2 ** 30, 2 ** 41]);
  expect(() => quantityNumber('1.5')).toThrow('"1.5" is not a quantity like 1500m or 2Gi');
});
