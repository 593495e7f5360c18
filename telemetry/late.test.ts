import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hourOfIso, type Telemetry } from '../core/telemetry.ts';
import { lateHours, logEntries } from './late.ts';

function setOf(stations: number, hours: number): Telemetry {
  const ids = Array.from({ length: stations }, (_, s) => `station-${s}`);
  return {
    name: 'made up',
    stations: ids.map((station_id) => ({ station_id, name: station_id })),
    start_h: 400_000,
    hours,
    values_kw: ids.map((_, s) =>
      Float64Array.from({ length: hours }, (_, i) => (i % 7 === s ? Number.NaN : s * 1000 + i)),
    ),
  };
}

describe('late readings', () => {
  it('are about 0.5 % of the station-hours, 1 to 5 h late, each as often', () => {
    const seen = [0, 0, 0, 0, 0, 0];
    for (let s = 0; s < 200; s += 1)
      for (let hour = 400_000; hour < 405_000; hour += 1) {
        const late_h = lateHours(7, `station-${s}`, hour);
        seen[late_h] = (seen[late_h] ?? 0) + 1;
      }
    expect(seen).toHaveLength(6);
    // Five standard deviations of a thousand, of a million draws.
    for (const count of seen.slice(1)) expect(Math.abs(count - 1000)).toBeLessThan(160);
  });

  it('are the same for the same seed, for ever, and others for another', () => {
    const late = (seed: number) =>
      Array.from({ length: 2000 }, (_, i) => i).filter((i) => lateHours(seed, 'MV1.102', 403_224 + i) > 0);
    expect(late(1)).toEqual([459, 664, 895, 1171, 1202, 1347, 1519]);
    expect(late(2)).not.toEqual(late(1));
  });
});

describe('the log', () => {
  const busy = fc.record({
    share: fc.constantFrom(0, 0.005, 0.3, 1),
    max_h: fc.integer({ min: 1, max: 5 }),
  });

  it('holds every station-hour once, at its hour or as many hours later as the rule says; missing ones as null', () => {
    const set = setOf(5, 60);
    fc.assert(
      fc.property(fc.integer(), busy, (seed, rule) => {
        const entries = [...logEntries(set, set.start_h, set.start_h + 59, seed, rule)];
        expect(entries.map((entry) => hourOfIso(entry.available_at) - set.start_h)).toEqual([...Array(60).keys()]);
        const arrived = new Map<string, number | null>();
        for (const { available_at, observations } of entries)
          for (const { station_id, target_time, value_kw } of observations) {
            const hour = hourOfIso(target_time);
            expect(hourOfIso(available_at) - hour).toBe(lateHours(seed, station_id, hour, rule));
            expect(arrived.has(`${station_id} ${hour}`)).toBe(false);
            arrived.set(`${station_id} ${hour}`, value_kw);
          }
        for (const [s, { station_id }] of set.stations.entries())
          for (let i = 0; i < 60 - rule.max_h; i += 1)
            expect(arrived.get(`${station_id} ${set.start_h + i}`)).toBe(i % 7 === s ? null : s * 1000 + i);
      }),
      { numRuns: 50 },
    );
  });

  it('can be cut anywhere: two replays in a row are one', () => {
    const set = setOf(5, 60);
    fc.assert(
      fc.property(fc.integer(), busy, fc.integer({ min: 0, max: 58 }), (seed, rule, cut) => {
        const [from, to, middle] = [set.start_h, set.start_h + 59, set.start_h + cut];
        const parts = [...logEntries(set, from, middle, seed, rule), ...logEntries(set, middle + 1, to, seed, rule)];
        expect(parts).toEqual([...logEntries(set, from, to, seed, rule)]);
      }),
      { numRuns: 50 },
    );
  });

  it('does not invent hours that the set has not', () => {
    const replay = logEntries(setOf(2, 10), 400_005, 400_010, 1);
    expect(() => replay.next()).toThrow('hours 400005-400010 are not all in made up, 400000-400009');
  });
});
