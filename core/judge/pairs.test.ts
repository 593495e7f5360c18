import { expect, test } from 'vitest';
import { LEADS } from '../record.ts';
import { groupScaled } from './lead-groups.ts';
import { liveScales, PairedHours, scaledErrors } from './pairs.ts';

const T = 1000;
const row = (values: number[]) => Float64Array.from(values.flatMap((v) => Array.from({ length: LEADS }, () => v)));

/** All 24 issues before T; station s is forecast with candidate[s] and stable[s]. */
function fed(candidate: number[], stable: number[], except: { issue_h?: number } = {}) {
  const hours = new PairedHours();
  for (let issue_h = T - LEADS; issue_h < T + LEADS; issue_h++)
    if (issue_h !== except.issue_h) hours.put(issue_h, { candidate: row(candidate), stable: row(stable) });
  return hours;
}

test('D(theta) is the mean over stations of the scaled difference', () => {
  const hours = fed([13, 24], [12, 22]);
  hours.close(T, Float64Array.of(10, 20), Float64Array.of(2, 4));
  // Candidate 1.5 and 1, stable 1 and 0.5 in units of m_s.
  expect(hours.sums.hours).toBe(1);
  expect(hours.sums.theta.abort.sum).toBeCloseTo(0.5, 12);
  expect(hours.sums.theta.safe.sum).toBeCloseTo(1.25 - 1.05 * 0.75, 12);
  expect(hours.sums.theta.win.sumsq).toBeCloseTo((1.25 - 0.85 * 0.75) ** 2, 12);
  expect(scaledErrors(hours.station_sums, Float64Array.of(2, 4))).toEqual({
    mae: { candidate: 1.25, stable: 0.75 },
    rmse: { candidate: Math.sqrt((1.5 ** 2 + 1) / 2), stable: Math.sqrt((1 + 0.25) / 2) },
  });
  expect([...liveScales(hours.station_sums, 3)]).toEqual([2, 2, Number.NaN]);
});

test('each lead of the hour is the one issued so many hours before', () => {
  const hours = new PairedHours();
  for (let lead = 1; lead <= LEADS; lead++) {
    const candidate = new Float64Array(LEADS).fill(1e6);
    candidate[lead - 1] = 10 + lead;
    hours.put(T - lead, { candidate, stable: row([11]) });
  }
  hours.close(T, Float64Array.of(10), Float64Array.of(1));
  expect(hours.sums.theta.abort.sum).toBeCloseTo((LEADS + 1) / 2 - 1, 12);
});

test('a missing issue hour leaves its 24 target hours unjudged, and not the next', () => {
  const hours = fed([13], [12], { issue_h: T - 1 });
  for (let target_h = T; target_h <= T + LEADS; target_h++)
    hours.close(target_h, Float64Array.of(10), Float64Array.of(1));
  expect(hours.sums).toMatchObject({ hours: 1, labels_expected: 25, labels_matured: 25 });
});

test('station-hours without truth, forecast or scale do not count, and few stations are no evidence', () => {
  const truth = Float64Array.of(10, 10, Number.NaN, 10);
  const hours = fed([13, 13, 13, Number.NaN], [12, 12, 12, 12]);
  hours.close(T, truth, Float64Array.of(1, 1, 1, 1));
  expect(hours.sums).toMatchObject({ hours: 1, labels_expected: 4, labels_matured: 3 });
  expect(hours.sums.theta.abort.sum).toBeCloseTo(1, 12);
  hours.close(T + 1, truth, Float64Array.of(1, Number.NaN, 1, 1));
  expect(hours.sums.hours).toBe(1);
});

test('stations that nothing is expected of are no part of the fleet', () => {
  const truth = Float64Array.of(10, Number.NaN, Number.NaN, Number.NaN);
  const hours = fed([13, 13, 13, 13], [12, 12, 12, 12]);
  hours.close(T, truth, null, 2);
  expect(hours.sums).toMatchObject({ hours: 1, labels_expected: 2, labels_matured: 1 });
  hours.close(T + 1, truth, null, 4);
  expect(hours.sums).toMatchObject({ hours: 1, labels_expected: 6, labels_matured: 2 });
});

test('without scales an hour counts and D waits; scales that come late start the sums at 0', () => {
  const hours = fed([13], [12]);
  hours.close(T, Float64Array.of(10), null);
  expect(hours.sums).toMatchObject({ hours: 1, theta: { abort: { sum: 0 } } });
  hours.restart();
  hours.close(T + 1, Float64Array.of(10), Float64Array.of(2));
  expect(hours.sums).toMatchObject({ hours: 1, labels_expected: 2 });
  expect(hours.sums.theta.abort.sum).toBeCloseTo(0.5, 12);
});

test('every station-hour is scored once per lead group; a missing issue hour takes only the groups that need it', () => {
  const hours = new PairedHours();
  for (let issue_h = T - LEADS; issue_h < T; issue_h++) {
    // The candidate errs by 2, and by 8 from lead 13 on; the stable by 1.
    const candidate = Float64Array.from({ length: LEADS }, (_, i) => (i < 12 ? 12 : 18));
    if (issue_h !== T - 9) hours.put(issue_h, { candidate, stable: row([11]) });
  }
  hours.close(T, Float64Array.of(10), Float64Array.of(2));
  expect(hours.sums.hours).toBe(0);
  const none = { station_hours: 0, candidate: 0, stable: 0, candidate_squared: 0, stable_squared: 0 };
  expect(hours.sums.lead_groups).toEqual({
    '1-6': { station_hours: 1, candidate: 1, stable: 0.5, candidate_squared: 1, stable_squared: 0.25 },
    '7-12': none,
    '13-18': { station_hours: 1, candidate: 4, stable: 0.5, candidate_squared: 16, stable_squared: 0.25 },
    '19-24': { station_hours: 1, candidate: 4, stable: 0.5, candidate_squared: 16, stable_squared: 0.25 },
  });
  expect(groupScaled(hours.sums.lead_groups['13-18'])).toEqual({
    mae: { candidate: 4, stable: 0.5 },
    rmse: { candidate: 4, stable: 0.5 },
  });
  expect(groupScaled(hours.sums.lead_groups['7-12'])).toBeNull();
});

test('the mean over the groups is the mean over all leads', () => {
  const hours = new PairedHours();
  for (let lead = 1; lead <= LEADS; lead++) {
    const candidate = new Float64Array(LEADS).fill(1e6);
    candidate[lead - 1] = 10 + lead;
    hours.put(T - lead, { candidate, stable: row([11]) });
  }
  hours.close(T, Float64Array.of(10), Float64Array.of(1));
  const { lead_groups, theta } = hours.sums;
  const groups = Object.values(lead_groups).map(({ candidate }) => candidate);
  expect(groups).toEqual([3.5, 9.5, 15.5, 21.5].map((mean) => expect.closeTo(mean, 12)));
  expect(groups.reduce((sum, mean) => sum + mean, 0) / 4 - 1).toBeCloseTo(theta.abort.sum, 12);
});

test('one error beyond ten times the usual counts as ten in RMSE, and as it is in MAE', () => {
  const hours = fed([210], [12]);
  hours.close(T, Float64Array.of(10), Float64Array.of(2));
  expect(scaledErrors(hours.station_sums, Float64Array.of(2))).toEqual({
    mae: { candidate: 100, stable: 1 },
    rmse: { candidate: 10, stable: 1 },
  });
  expect(groupScaled(hours.sums.lead_groups['1-6'])?.rmse.candidate).toBe(10);
});
