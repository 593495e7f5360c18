import { expect, test } from 'vitest';
import { formatHours, formatSeconds, hoursText, parseHours, parseSeconds } from './duration.ts';

test.each([
  ['14d', 336],
  ['24h', 24],
  ['1h', 1],
])('%s is %i hours', (text, hours) => {
  expect(parseHours(text)).toBe(hours);
});

test.each(['0d', '14', '1.5d', '-1h', '14 d', '1w', '', '100000d'])('"%s" is no duration of a plan', (text) => {
  expect(() => parseHours(text)).toThrow(`"${text}" is not a duration in days or hours`);
});

test.each([
  [1, '1s'],
  [90, '90s'],
  [300, '5m'],
  [21_600, '6h'],
  [1_209_600, '336h'],
])('%i s are written as %s, in a unit that Go and Prometheus share', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
  expect(parseSeconds(text)).toBe(seconds);
});

test.each([0, 0.5, -1, Number.NaN])('%d s have no such form', (seconds) => {
  expect(() => formatSeconds(seconds)).toThrow('not a duration of whole seconds');
});

test('hours are written as days where they are whole', () => {
  expect([formatHours(336), formatHours(30)]).toEqual(['14d', '30h']);
});

test('sentences say more than two days in days and hours', () => {
  expect([336, 30, 47, 48, 49, 1345].map(hoursText)).toEqual(['14d', '30h', '47h', '2d', '2d 1h', '56d 1h']);
});
