import { expect, test } from 'vitest';
import { versionFault } from './prerequisites.mjs';
import { atLeast, parseVersion } from './version.mjs';

test.each([
  ['v20.20.2', [20, 20, 2]],
  ['go version go1.26.8 linux/amd64', [1, 26, 8]],
  ['go version devel go1.27-3f1a2b linux/amd64', [1, 27, 0]],
  ['Python 3.11.7', [3, 11, 7]],
  ['pip 23.2.1 from /usr/lib/python3/dist-packages/pip (python 3.11)', [23, 2, 1]],
  ['go version go1.26rc2 linux/amd64', [1, 26, 0]],
  ['GNU Make 4.3', [4, 3, 0]],
  ['no number at all', null],
])('%s', (said, version) => {
  expect(parseVersion(said)).toEqual(version);
});

test('versions are compared part by part, as numbers', () => {
  expect(atLeast([1, 26, 7], '1.26.7')).toBe(true);
  expect(atLeast([1, 26, 10], '1.26.7')).toBe(true);
  expect(atLeast([2, 0, 0], '1.26.7')).toBe(true);
  expect(atLeast([1, 26, 6], '1.26.7')).toBe(false);
  expect(atLeast([1, 9, 99], '1.26.7')).toBe(false);
});

test('a fault says what is there and what would do', () => {
  expect(versionFault('Go', null, '1.26.7')).toBe('Go is missing (1.26.7 or newer is needed)');
  expect(versionFault('Go', 'go version go1.22.4 linux/amd64', '1.26.7')).toBe(
    'Go 1.22.4 is too old (1.26.7 or newer is needed)',
  );
  expect(versionFault('Go', 'gccgo', '1.26.7')).toBe('Go does not tell its version ("gccgo")');
  expect(versionFault('Go', 'go version go1.27 linux/amd64', '1.26.7')).toBeNull();
});
