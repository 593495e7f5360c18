import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { expect, test } from 'vitest';
import { pairLosses, StationHourLosses } from '../../core/judge/losses.ts';
import { LEADS } from '../../core/record.ts';
import { drawPath, PATH_DAYS, PATH_HOURS, type StationLosses, sides, type World } from './path.ts';
import { syntheticWorld } from './synthetic-world.ts';

const stations = 3;
const world = syntheticWorld({ ar: 0.6, correlation: 0.7, tail: 'lognormal', stations });

/** One path, and the core's own pairing of the same losses over its first 90 days. */
function drawn() {
  const written = Array.from({ length: stations }, () => ({ hours: sides(PATH_HOURS), days: sides(PATH_DAYS) }));
  const listening: World = {
    stations,
    path: (random) => {
      const losses: StationLosses = world.path(random);
      return (station, hours, days) => {
        losses(station, hours, days);
        for (const side of ['candidate', 'stable'] as const) {
          written[station]?.hours[side].set(hours[side]);
          written[station]?.days[side].set(days[side]);
        }
      };
    },
  };
  return { path: drawPath(listening, xoroshiro128plus(3)), written };
}

test('a path has the days that the core pairs from the same errors', () => {
  const { path, written } = drawn();
  const hours = 24 * 90;
  const truth = {
    stations: written.map((_, s) => ({ station_id: `s${s}` })),
    start_h: 1,
    values_kw: written.map(() => new Float64Array(hours)),
  };
  const side = (name: 'candidate' | 'stable') => {
    const losses = new StationHourLosses(truth, { from_h: 1, to_h: hours });
    // The truth is 0 everywhere, so that a forecast is its error; here it is the same at every hour of a day.
    for (const [s, station] of written.entries())
      for (let issue = 1 - LEADS; issue < hours; issue++) {
        const error = (i: number) => station.days[name][Math.floor((issue + i) / 24)] ?? Number.NaN;
        losses.add(
          issue,
          s,
          Float64Array.from({ length: LEADS }, (_, i) => error(i)),
        );
      }
    return losses;
  };
  const { days } = pairLosses(side('candidate'), side('stable'));
  expect(days.candidate.length).toBe(90);
  for (const name of ['candidate', 'stable'] as const)
    for (const [d, mean] of days[name].entries()) expect(path.backtests[90][name][d]).toBeCloseTo(mean, 10);
});

test('the live hours are scaled by the 28 days before them', () => {
  const { path, written } = drawn();
  const history = 24 * 28;
  const scaled = written.map(({ hours: { candidate, stable } }) => {
    const scale = stable.subarray(0, history).reduce((sum, loss) => sum + loss, 0) / history;
    return (candidate[history + 5] ?? Number.NaN) / scale;
  });
  expect(path.live.candidate[5]).toBeCloseTo(scaled.reduce((sum, x) => sum + x, 0) / stations, 10);
  expect(path.history.stable.length).toBe(history);
});
