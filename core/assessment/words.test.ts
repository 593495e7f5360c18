import { expect, test } from 'vitest';
import { between, lower, moneyIn } from './words.ts';

const written = (value: number, low: number | null, high: number | null) => {
  const money = moneyIn('EUR', { value, low, high });
  return [value, low, high].flatMap((one) => (one === null ? [] : [money(one)])).join(' | ');
};

test.each([
  [6_237_831.57, 5_687_123, 6_790_001, '6.2 million EUR | 5.7 million EUR | 6.8 million EUR'],
  [1381.46, 1377.2, 1386.1, '1,381 EUR | 1,377 EUR | 1,386 EUR'],
  [-3187.2, -9012, 2700, '-3,000 EUR | -9,000 EUR | 3,000 EUR'],
  [12.3456, 12.31, 12.38, '12.35 EUR | 12.31 EUR | 12.38 EUR'],
  [6_237_831.57, null, null, '6.2 million EUR'],
  [231e6, 142e6, 323e6, '230 million EUR | 140 million EUR | 320 million EUR'],
  [412_345, 380_000, 440_000, '410,000 EUR | 380,000 EUR | 440,000 EUR'],
  [20_450.75, 20_450.75, 20_450.75, '20,451 EUR | 20,451 EUR | 20,451 EUR'],
  [45.5, 45.5, 45.5, '45.5 EUR | 45.5 EUR | 45.5 EUR'],
  [0, 0, 0, '0 EUR | 0 EUR | 0 EUR'],
  [0, null, null, '0 EUR'],
])('%f from %f to %f is written as precisely as it is known', (value, low, high, text) => {
  expect(written(value, low, high)).toBe(text);
});

test('a change that was divided by almost nothing is said to be large, and no more', () => {
  expect(lower(12.345)).toBe('1234.5 % higher');
  expect(lower(Infinity)).toBe('more than 100,000 % higher');
  expect(between({ value: 1e300, low: -0.5, high: Infinity })).toBe(
    'between 50.0 % lower and more than 100,000 % higher',
  );
});
