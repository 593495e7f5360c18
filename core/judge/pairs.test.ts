import { expect, test } from 'vitest';
import { LEADS } from '../record.ts';
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

test('without scales an hour counts and D waits; scales that come late start the sums at 0', () => {
  const hours = fed([13], [12]);
  hours.close(T, Float64Array.of(10), null);
  expect(hours.sums).toMatchObject({ hours: 1, theta: { abort: { sum: 0 } } });
  hours.restart();
  hours.close(T + 1, Float64Array.of(10), Float64Array.of(2));
  expect(hours.sums).toMatchObject({ hours: 1, labels_expected: 2 });
  expect(hours.sums.theta.abort.sum).toBeCloseTo(0.5, 12);
});
