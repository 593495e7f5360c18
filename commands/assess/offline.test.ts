import { expect, test } from 'vitest';
import { firstHourOf } from '../../core/assessment/score-day.ts';
import { HISTORY_HOURS, type Telemetry } from '../../core/telemetry.ts';
import type { Predictor } from '../../model-server/predictor.ts';
import { seasonal } from '../../model-server/seasonal.ts';
import { lateHours } from '../../telemetry/late.ts';
import { offlineFacts } from './offline.ts';

const DAYS = 24;
const START_H = firstHourOf('2026-03-01');
const load = (i: number) => 100 + 30 * Math.sin((2 * Math.PI * i) / 24) + (i % 7) + i / 1000;
/** A meter that says less than nothing for an hour of the after window. */
const FAULT = 24 * 22 + 5;
const telemetry: Telemetry = {
  name: 'two stations',
  stations: ['a', 'b'].map((station_id) => ({ station_id, name: station_id })),
  start_h: START_H,
  hours: 24 * DAYS,
  values_kw: [0, 1].map((s) => Float64Array.from({ length: 24 * DAYS }, (_, i) => (s + i === FAULT ? -1 : load(i)))),
};
const before = { from: '2026-03-19', to: '2026-03-20' };
const after = { from: '2026-03-22', to: '2026-03-24' };

test('what cannot be true judges nobody, and what is late is in no forecast, as in the backtest', async () => {
  const late = new Set<string>();
  const spy: Predictor = {
    ...seasonal(24),
    kind: 'spy',
    forecast: (batch) => {
      for (const [row, issue_h] of batch.issue_h.entries())
        for (let ago_h = 0; ago_h < 6; ago_h++) {
          const station = batch.station_ids[row] ?? '';
          if (lateHours(1, station, issue_h - ago_h) <= ago_h) continue;
          late.add(`${station} ${issue_h - ago_h}`);
          expect(batch.history_kw[row * HISTORY_HOURS + HISTORY_HOURS - 1 - ago_h]).toBeNaN();
        }
      return seasonal(24).forecast(batch);
    },
  };
  const stable = { name: 'stable', predictor: seasonal(24) };
  const candidate = { name: 'candidate', predictor: spy };
  const facts = await offlineFacts({
    ...{ telemetry, stable, candidate, before, after, truth_delay_hours: 6, onDay: () => {} },
  });
  expect(late.size).toBeGreaterThan(0);
  const hours = facts.filter(({ role }) => role === 'serving').map(({ accuracy }) => accuracy?.stations);
  expect(hours.map((stations) => [stations?.a?.[0], stations?.b?.[0]])).toEqual([
    [24, 24],
    [24, 24],
    [24, 24],
    [23, 23],
    [24, 24],
  ]);
});
