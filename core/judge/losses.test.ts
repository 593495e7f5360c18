import { expect, test } from 'vitest';
import { LEADS } from '../record.ts';
import { pairLosses, StationHourLosses, type Truth } from './losses.ts';

const START = 24 * 100;

/** `days` of truth that is 10 kW at every station, beginning with target hour START + 1 (the first hour of a UTC day). */
function truth(stations: number, days: number): Truth & { values_kw: Float64Array[] } {
  return {
    stations: Array.from({ length: stations }, (_, s) => ({ station_id: `s${s}` })),
    start_h: START + 1,
    values_kw: Array.from({ length: stations }, () => new Float64Array(24 * days).fill(10)),
  };
}

/** Feeds every forecast that touches the range; `error` is what the model is off by. */
function fed(t: Truth, days: number, error: (target_h: number, station: number, lead: number) => number) {
  const to_h = START + 24 * days;
  const losses = new StationHourLosses(t, { from_h: START + 1, to_h });
  for (let issue_h = START + 1 - LEADS; issue_h < to_h; issue_h++)
    for (const s of t.stations.keys())
      losses.add(
        issue_h,
        s,
        Float64Array.from({ length: LEADS }, (_, i) => 10 + error(issue_h + i + 1, s, i + 1)),
      );
  return losses;
}

test("a target hour's loss is the mean over its leads, scaled by the stable's mean error", () => {
  const t = truth(2, 2);
  // The second station errs ten times as much: scales make both count alike.
  const stable = fed(t, 2, (_h, s) => (s === 0 ? 2 : -20));
  const candidate = fed(t, 2, (_h, s, lead) => (s === 0 ? lead / 12.5 : 30));
  const paired = pairLosses(candidate, stable);
  expect(paired.scale_kw.s0).toBeCloseTo(2, 12);
  expect(paired.scale_kw.s1).toBeCloseTo(20, 12);
  expect([...paired.days.stable]).toEqual([expect.closeTo(1, 12), expect.closeTo(1, 12)]);
  expect([...paired.days.candidate]).toEqual([expect.closeTo(1, 12), expect.closeTo(1, 12)]);
  expect(paired.hours.candidate).toHaveLength(48);
  expect(paired).toMatchObject({ from_h: START + 1, to_h: START + 48, station_hours: 96, days_left_out: 0 });
  expect(paired.mae_kw.candidate).toBeCloseTo((1 + 30) / 2, 12);
  expect(paired.rmse_scaled.stable).toBeCloseTo(1, 12);
});

test('a station-hour counts only where both sides have all leads and the truth exists', () => {
  const t = truth(4, 1);
  const missing = t.values_kw[0];
  if (missing) missing[5] = Number.NaN;
  const stable = fed(t, 1, () => 1);
  const gap = (h: number, s: number, lead: number) => (h === START + 3 && s === 1 && lead === 7 ? Number.NaN : 2);
  const paired = pairLosses(fed(t, 1, gap), stable);
  expect(paired.station_hours).toBe(4 * 24 - 2);
  expect(paired.invalid_values).toEqual({ candidate: 1, stable: 0 });
  expect(paired.days.candidate[0]).toBeCloseTo(2, 12);
});

test('days are whole, and a day that most stations miss is left out', () => {
  const t = truth(3, 3);
  for (const s of [0, 1]) t.values_kw[s]?.fill(Number.NaN, 24 + 5, 24 + 6);
  const losses = fed(t, 3, () => 1);
  const whole = pairLosses(losses, losses);
  expect(whole.days.candidate).toHaveLength(2);
  expect(whole.days_left_out).toBe(1);
  expect(whole.hours.target_h[24]).toBe(START + 49);
  // A range that begins at the second hour of a day begins judging at the next day.
  const later = new StationHourLosses(t, { from_h: START + 2, to_h: START + 72 });
  expect(pairLosses(later, later).days_left_out).toBe(2);
});

test('a station whose stable never errs has no scale and is left out', () => {
  const t = truth(2, 1);
  const paired = pairLosses(
    fed(t, 1, () => 3),
    fed(t, 1, (_h, s) => s),
  );
  expect(paired.stations_left_out).toEqual(['s0']);
  expect(paired.scale_kw).toEqual({ s1: expect.closeTo(1, 12) });
  expect(paired.days.candidate[0]).toBeCloseTo(3, 12);
});

test('squared errors are clipped at ten times m_s, absolute ones are not', () => {
  const t = truth(1, 1);
  const wild = pairLosses(
    fed(t, 1, () => 300),
    fed(t, 1, () => 1),
  );
  expect(wild.rmse_scaled.candidate).toBeCloseTo(10, 12);
  expect(wild.mae_kw.candidate).toBeCloseTo(300, 9);
});

test('one forecast given twice is refused', () => {
  const losses = fed(truth(1, 1), 1, () => 1);
  expect(() => losses.add(START, 0, new Float64Array(LEADS))).toThrow('twice');
});
