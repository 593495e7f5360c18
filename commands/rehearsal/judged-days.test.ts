import { expect, test } from 'vitest';
import { hourOfIso } from '../../core/telemetry.ts';
import { dailyLossRatio, judgedDays } from './judged-days.ts';

test('each day has its own date, also after one that was left out', () => {
  const starts = ['2016-02-28', '2016-03-01', '2016-03-02'].map((day) => hourOfIso(`${day}T01:00:00Z`));
  const target_h = Float64Array.from(starts.flatMap((start) => Array.from({ length: 24 }, (_, i) => start + i)));
  const none = new Float64Array(target_h.length);
  const losses = {
    days: { candidate: Float64Array.of(1, 2, 3), stable: Float64Array.of(2, 2, 2) },
    hours: { target_h, candidate: none, stable: none },
  };
  expect(dailyLossRatio(judgedDays(losses))).toEqual([
    { day: '2016-02-28', ratio: 0.5 },
    { day: '2016-03-01', ratio: 1 },
    { day: '2016-03-02', ratio: 1.5 },
  ]);
});
