import { expect, test } from 'vitest';
import { LEADS } from '../record.ts';
import { hourOfIso } from '../telemetry.ts';
import { dayOfHour, firstHourOf, scoreDay } from './score-day.ts';

const day = '2026-03-01';
const stations = ['a', 'b'];
const truth_kw = () => Float64Array.of(10, 20);
/** Station a errs by its lead in kW above, station b by 1 below. */
const forecast_kw = () => Float64Array.from({ length: 2 * LEADS }, (_, i) => (i < LEADS ? 10 + (i + 1) : 20 - 1));

test('hours are named by their end: a day runs from 01:00 to 24:00', () => {
  expect(firstHourOf(day)).toBe(hourOfIso('2026-03-01T01:00:00Z'));
  expect(dayOfHour(hourOfIso('2026-03-01T01:00:00Z'))).toBe(day);
  expect(dayOfHour(hourOfIso('2026-03-02T00:00:00Z'))).toBe(day);
});

test('a station-hour is the mean over its leads; energy is what was bought a day ahead', () => {
  const { accuracy, energy } = scoreDay({ day, stations, truth_kw, forecast_kw });
  const mean_of_squares = (24 * 25 * 49) / 6 / 24;
  expect(accuracy.stations).toEqual({
    a: [24, 24 * 12.5, expect.closeTo(24 * mean_of_squares, 5)],
    b: [24, expect.closeTo(24), expect.closeTo(24)],
  });
  expect(accuracy.lead_groups['1-6']).toEqual([24 * 12, 24 * (21 + 6), 24 * (91 + 6)]);
  expect(energy).toEqual({ station_hours: 48, shortfall_kwh: 24, surplus_kwh: 24 * 24 });
});

test('without its truth, a lead or an issue hour a station-hour does not count', () => {
  const first_h = firstHourOf(day);
  const dead = (target_h: number) => Float64Array.of(target_h === first_h ? Number.NaN : 10, 20);
  const { accuracy } = scoreDay({ day, stations, truth_kw: dead, forecast_kw });
  expect(accuracy.stations.a?.[0]).toBe(23);
  const hole = (issue_h: number) =>
    forecast_kw().map((value, i) => (issue_h === first_h && i === LEADS ? Number.NaN : value));
  expect(scoreDay({ day, stations, truth_kw, forecast_kw: hole }).accuracy.stations.b?.[0]).toBe(23);
  const absent = (issue_h: number) => (issue_h === first_h - 1 ? null : forecast_kw());
  const { energy } = scoreDay({ day, stations, truth_kw, forecast_kw: absent });
  // Issued an hour before the day, it is a lead of each of its 24 hours.
  expect(energy.station_hours).toBe(0);
});
