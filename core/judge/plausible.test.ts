import { describe, expect, test } from 'vitest';
import { randomOf } from '../random.ts';
import { Screen } from './screen.ts';

const DAY_H = 24 * 1000;
const DAYS = 20;

/** Readings of one station by hour of its life; the screen is asked about the last ten days. */
function reasonsOf(reading: (i: number) => number, truth_delay_hours = 6): (string | null)[] {
  const values = Array.from({ length: 24 * DAYS + truth_delay_hours }, (_, i) => reading(i));
  const asOf = (_s: number, target_h: number, as_of_h: number) =>
    target_h <= as_of_h ? (values[target_h - DAY_H - 1] ?? Number.NaN) : Number.NaN;
  const screen = new Screen({ asOf }, truth_delay_hours);
  return Array.from({ length: 240 }, (_, i) => screen.check(0, DAY_H + 1 + 240 + i));
}

const random = randomOf(7);
const noise = Float64Array.from({ length: 24 * DAYS + 200 }, () => random());
/** A substation: 60 to 140 kW by the hour of day, never the same twice. */
const load = (i: number) => 100 + 30 * Math.sin((2 * Math.PI * i) / 24) + 10 * (noise[i] ?? 0);
const at = (i: number) => 240 + i;

/** Reasons by hour of the judged ten days, only where there is one. */
function found(reasons: readonly (string | null)[]): Record<number, string> {
  return Object.fromEntries(reasons.flatMap((reason, i) => (reason === null ? [] : [[i, reason]])));
}

describe('readings that cannot be true', () => {
  test('a meter that stands still where the station moves, from its first hour to its last', () => {
    const stuck = reasonsOf((i) => load(i >= at(30) && i < at(50) ? at(30) : i));
    expect(found(stuck)).toEqual(Object.fromEntries(Array.from({ length: 20 }, (_, k) => [30 + k, 'stuck'])));
  });

  test('also over midnight, when its first hours are part of what is usual', () => {
    const stuck = reasonsOf((i) => load(i >= at(40) && i < at(70) ? at(40) : i));
    expect(Object.keys(found(stuck))).toHaveLength(30);
  });

  test('negative where the station never is', () => {
    expect(found(reasonsOf((i) => (i === at(5) ? -1 : load(i))))).toEqual({ 5: 'negative' });
  });

  test('300-fold, for one hour or some', () => {
    const spikes = reasonsOf((i) => load(i) * (i >= at(5) && i < at(8) ? 300 : 1));
    expect(found(spikes)).toEqual({ 5: 'spike', 6: 'spike', 7: 'spike' });
    expect(found(reasonsOf((i) => load(i) * (i === at(9) ? -300 : 1)))).toEqual({ 9: 'negative' });
  });

  test('a sudden zero', () => {
    expect(found(reasonsOf((i) => (i === at(100) ? 0 : load(i))))).toEqual({ 100: 'zero' });
    expect(found(reasonsOf((i) => (i === at(100) ? load(i) / 1000 : load(i))))).toEqual({ 100: 'zero' });
  });

  const hours = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k);

  test('what lasts becomes what the station is: a tenfold fall is quarantined for a day, a standstill for eight', () => {
    const fallen = reasonsOf((i) => load(i) / (i >= at(24) ? 20 : 1));
    expect(Object.keys(found(fallen)).map(Number)).toEqual(hours(24, 48));
    const closed = reasonsOf((i) => (i >= at(24) ? 0 : load(i)));
    expect(Object.keys(found(closed)).map(Number)).toEqual(hours(24, 24 + 8 * 24));
  });
});

describe('readings that look odd and are true', () => {
  const sun = (i: number) => Math.max(0, Math.sin((2 * Math.PI * ((i % 24) - 6)) / 24)) * (50 + 10 * (noise[i] ?? 0));
  const weekend = (i: number) => Math.floor(i / 24) % 7 >= 5;
  test.each<[string, (i: number) => number]>([
    ['a load like any other', load],
    ['a constant load', () => 12],
    ['a constant load that is set to another value', (i) => (i < at(60) ? 12 : 20)],
    ['a plant that is constant by shift', (i) => (i % 24 < 8 ? 20 : i % 24 < 16 ? 80 : 60)],
    ['a plant that rests on weekends', (i) => (weekend(i) ? 5 : load(i))],
    ['the nights of a photovoltaic plant', sun],
    ['a photovoltaic plant under snow', (i) => (i >= at(20) && i < at(120) ? 0 : sun(i))],
    ['a plant that feeds in at noon', (i) => load(i) - 3 * sun(i)],
    ['a charger that is mostly idle', (i) => ((noise[i] ?? 0) > 0.9 ? 22 * (noise[i + 1] ?? 0) : 0)],
    ['a meter that counts in whole kilowatts', (i) => Math.round(5 + load(i) / 40)],
    ['a peak of three times the usual', (i) => load(i) * (i === at(50) ? 3 : 1)],
    ['half a load after a fault', (i) => load(i) * (i === at(50) ? 0.5 : 1)],
    ['readings with gaps', (i) => (i % 5 === 0 ? Number.NaN : load(i))],
  ])('%s', (_what, reading) => {
    expect(found(reasonsOf(reading))).toEqual({});
  });

  test('a station of which too little is known', () => {
    const fresh = reasonsOf((i) => (i < at(0) - 70 ? Number.NaN : i === at(3) ? -1 : load(i)));
    expect(found(fresh)).toEqual({});
  });
});

test('what comes after the close decides nothing', () => {
  const stuck = (i: number) => load(i >= at(30) && i < at(50) ? at(30) : i);
  // Known one hour on, the first four hours of the run are not yet six.
  expect(Object.keys(found(reasonsOf(stuck, 1))).map(Number)).toEqual(Array.from({ length: 16 }, (_, k) => 34 + k));
});
