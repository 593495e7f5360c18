import { expect, test } from 'vitest';
import { LEADS } from '../record.ts';
import { StationHourLosses } from './losses.ts';
import { lossCoverage, whyHeld } from './part-coverage.ts';

const HOURS = 100;
const gap = (from: number, to: number) => (_: unknown, i: number) => (i >= from && i < to ? Number.NaN : 10);

/** Two stations of a hundred hours; the second has no truth from `truthless` on, the candidate forecasts nothing from `silent` on. */
function coverage({ truthless = HOURS, silent = HOURS }: { truthless?: number; silent?: number }) {
  const truth = {
    stations: [{ station_id: 'a' }, { station_id: 'b' }],
    start_h: 0,
    values_kw: [new Float64Array(HOURS).fill(10), Float64Array.from({ length: HOURS }, gap(truthless, HOURS))],
  };
  const range = { from_h: 0, to_h: HOURS - 1 };
  const side = (until: number) => {
    const losses = new StationHourLosses(truth, range);
    for (let issue_h = -LEADS; issue_h < HOURS; issue_h++)
      for (const station of truth.stations.keys())
        losses.add(
          issue_h,
          station,
          Float64Array.from({ length: LEADS }, (_, k) => (issue_h + k + 1 < until ? 9 : Number.NaN)),
        );
    return losses;
  };
  return lossCoverage(side(silent), side(HOURS));
}

test('everything known holds nothing back', () => {
  expect(coverage({})).toEqual({ expected: 200, missing: 0, one_sided: 0, labels: 1, pairs: 1 });
  expect(whyHeld(coverage({}), 'backtested')).toBeNull();
});

test('an eighth of the truth missing holds safe and win back', () => {
  expect(coverage({ truthless: 75 })).toMatchObject({ missing: 25, one_sided: 0, labels: 0.875, pairs: 1 });
  expect(whyHeld(coverage({ truthless: 75 }), 'backtested')).toContain(
    'only 87.5 % of the backtested station-hours have truth',
  );
});

test('hours that one side never forecast are not missing truth: they hold back too', () => {
  expect(coverage({ silent: 90 })).toMatchObject({ missing: 0, one_sided: 20, labels: 1, pairs: 0.9 });
  expect(whyHeld(coverage({ silent: 90 }), 'backtested')).toContain(
    'only 90.0 % of the backtested station-hours with truth',
  );
});
