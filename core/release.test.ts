import { expect, test } from 'vitest';
import { canonicalJson, inputDigest, releaseDigest } from './release.ts';

test('the release digest does not depend on the order in which fields were written', () => {
  const one = releaseDigest({ image: 'a@sha256:1', model: 'sha256:2', flags: { x: 1, y: 2 }, server: {} });
  const other = releaseDigest({ server: {}, flags: { y: 2, x: 1 }, model: 'sha256:2', image: 'a@sha256:1' });
  expect(one).toBe(other);
});

test('canonical JSON keeps the order of lists', () => {
  expect(canonicalJson({ b: [2, 1], a: null })).toBe('{"a":null,"b":[2,1]}');
});

test('one changed reading, another station or another hour gives another input digest', () => {
  const history = new Float64Array(336).fill(1);
  const changed = Float64Array.from(history);
  changed[335] = Number.NaN;
  const digests = [
    inputDigest('a', 5, history),
    inputDigest('b', 5, history),
    inputDigest('a', 6, history),
    inputDigest('a', 5, changed),
  ];
  expect(new Set(digests).size).toBe(4);
  expect(inputDigest('a', 5, Float64Array.from(history))).toBe(digests[0]);
});
