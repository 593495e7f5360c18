import { expect, test } from 'vitest';
import { randomOf } from '../../random.ts';
import { variance } from '../series.ts';
import { InputDrift, MAX_STATIONS } from './input-drift.ts';
import { defaultDrift } from './settings.ts';
import { COMPARED_HOURS, weekAgainstWeeks, weekDifferences } from './week-against-weeks.ts';

/** A week's shape that repeats, with noise; `level` multiplies the last week. */
function readings(seed: number, level = 1, noise = 5): Float64Array {
  const random = randomOf(seed);
  return Float64Array.from({ length: COMPARED_HOURS }, (_, h) => {
    const shape = 100 + 30 * Math.sin((Math.PI * h) / 12) + (h % 168 < 48 ? -20 : 0);
    return (shape + noise * (random() + random() - 1)) * (h >= COMPARED_HOURS - 168 ? level : 1);
  });
}

const limits = { psi: 1, ks: 1 };

test('a week like the weeks before has not drifted, a shifted level has, up or down', () => {
  const usual = weekAgainstWeeks(readings(1), defaultDrift);
  expect(usual?.psi).toBeLessThan(limits.psi / 2);
  expect(usual?.ks).toBeLessThan(limits.ks / 2);
  for (const level of [0.9, 1.1]) {
    const shifted = weekAgainstWeeks(readings(1, level), defaultDrift);
    expect(shifted?.psi).toBeGreaterThanOrEqual(limits.psi);
    expect(shifted?.ks).toBeGreaterThanOrEqual(limits.ks);
  }
});

test('by chance alone the week differs from the weeks before as much as these do from one another', () => {
  const [now, before] = [[], []] as [number[], number[]];
  for (let seed = 0; seed < 50; seed++) {
    const differences = weekDifferences(readings(seed));
    now.push(...differences.now);
    before.push(...differences.before);
  }
  const ratio = variance(Float64Array.from(now)) / variance(Float64Array.from(before));
  // 8,400 values: their variance is known to about 2 %.
  expect(Math.abs(ratio - 1)).toBeLessThan(0.05);
});

test('missing hours are left out; a week of mostly missing hours is not judged', () => {
  const gaps = (every: number) => readings(2, 1.1).map((kw, h) => (h % every === 0 ? Number.NaN : kw));
  expect(weekAgainstWeeks(gaps(13), defaultDrift)?.ks).toBeGreaterThanOrEqual(limits.ks);
  const none = readings(2).map((kw, h) => (h % 168 < 100 ? Number.NaN : kw));
  expect(weekAgainstWeeks(none, defaultDrift)).toBeNull();
});

test('a station that stands still has not drifted', () => {
  const still = weekAgainstWeeks(new Float64Array(COMPARED_HOURS).fill(3), defaultDrift);
  expect(still?.psi).toBe(0);
  expect(still?.ks).toBeCloseTo(0, 15);
});

const names = Array.from({ length: 10 }, (_, s) => `s${s}`);

test('the inputs drift when a fifth of the stations has, which is said once and names them', () => {
  const drift = new InputDrift(defaultDrift);
  const look = (day: number, shifted: number) =>
    drift.look(24 * day, names, (s) => readings(s + 10 * day, s < shifted ? 1.2 : 1));
  expect(look(1, 1)).toEqual([]);
  expect(drift.state.looks.ks).toEqual({ share: 0.1, stations: ['s0'] });
  expect(look(2, 3)).toEqual(['psi', 'ks']);
  expect(drift.state).toMatchObject({ looked_h: 48, compared: 10, looks: { psi: { stations: ['s0', 's1', 's2'] } } });
  expect(look(3, 3)).toEqual([]);
  expect(look(4, 0)).toEqual([]);
  expect(look(5, 2)).toEqual(['psi', 'ks']);
});

test('stations without readings do not count', () => {
  const drift = new InputDrift(defaultDrift);
  const empty = new Float64Array(COMPARED_HOURS).fill(Number.NaN);
  expect(drift.look(24, names, () => empty)).toEqual([]);
  expect(drift.state).toMatchObject({ compared: 0, looks: { psi: { share: 0 }, ks: { share: 0 } } });
});

test('of very many stations an even part is compared', () => {
  const drift = new InputDrift(defaultDrift);
  const asked: number[] = [];
  const same = readings(1);
  const many = Array.from({ length: 3 * MAX_STATIONS - 1 }, (_, s) => `s${s}`);
  drift.look(24, many, (s) => {
    asked.push(s);
    return same;
  });
  expect(asked.length).toBeLessThanOrEqual(MAX_STATIONS);
  expect(asked.slice(0, 3)).toEqual([0, 3, 6]);
  expect(asked.at(-1)).toBeGreaterThan(many.length - 4);
});
