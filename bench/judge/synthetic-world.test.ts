import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import { PATH_DAYS, PATH_HOURS, sides } from './path.ts';
import { type SyntheticWorld, syntheticWorld } from './synthetic-world.ts';

function losses(of: Partial<SyntheticWorld>, stations = 60) {
  const world = syntheticWorld({ ar: 0, correlation: 0.9, tail: 't4', stations, ...of });
  const write = world.path(xoroshiro128plus(2));
  return Array.from({ length: stations }, (_, s) => {
    const hours = sides(PATH_HOURS);
    write(s, hours, sides(PATH_DAYS));
    return hours;
  });
}

const mean = (x: ArrayLike<number>) => Array.from(x).reduce((sum, value) => sum + value, 0) / x.length;
function correlation(x: Float64Array, y: Float64Array): number {
  const [mx, my] = [mean(x), mean(y)];
  const product = (a: Float64Array, ma: number, b: Float64Array, mb: number) =>
    mean(a.map((value, i) => (value - ma) * ((b[i] ?? 0) - mb)));
  return product(x, mx, y, my) / Math.sqrt(product(x, mx, x, mx) * product(y, my, y, my));
}

test('candidate and stable are equally good', () => {
  const all = losses({ ar: 0.8 });
  const [c, b] = [mean(all.map(({ candidate }) => mean(candidate))), mean(all.map(({ stable }) => mean(stable)))];
  expect(Math.abs(c / b - 1)).toBeLessThan(0.01);
});

test('errors of the two go together, more so at a higher correlation', () => {
  const at = (of: Partial<SyntheticWorld>) =>
    mean(losses(of, 20).map(({ candidate, stable }) => correlation(candidate, stable)));
  expect(at({ correlation: 0.95 })).toBeGreaterThan(at({ correlation: 0.7 }) + 0.1);
});

test('an hour resembles the hour before it only with an autoregression, and stations share their weather', () => {
  const [calm, slow] = [losses({}, 2), losses({ ar: 0.8 }, 2)];
  const lagged = (x: Float64Array) => correlation(x.subarray(1), x.subarray(0, -1));
  const none = new Float64Array(0);
  expect(Math.abs(lagged(calm[0]?.stable ?? none))).toBeLessThan(0.06);
  expect(lagged(slow[0]?.stable ?? none)).toBeGreaterThan(0.4);
  expect(correlation(calm[0]?.stable ?? none, calm[1]?.stable ?? none)).toBeGreaterThan(0.05);
});
