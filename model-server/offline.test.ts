import { expect, test } from 'vitest';
import { LEADS } from '../core/record.ts';
import { HISTORY_HOURS, isoOfHour, type Telemetry } from '../core/telemetry.ts';
import { History } from './history.ts';
import { type ForecastBlock, forecastRange } from './offline.ts';
import type { Predictor } from './predictor.ts';
import { seasonal } from './seasonal.ts';

const START_H = 400_000;
const HOURS = 500;
const telemetry: Telemetry = {
  name: 'made up',
  stations: ['a', 'b', 'c'].map((station_id) => ({ station_id, name: station_id })),
  start_h: START_H,
  hours: HOURS,
  values_kw: [1, 2, 3].map((size) =>
    Float64Array.from({ length: HOURS }, (_, i) => (i % 37 === size ? Number.NaN : size * (10 + Math.sin(i / 5)))),
  ),
};

/** Hands out the history itself, 24 values of it, so that any difference of inputs is one of outputs. */
const mirror = (shift: number): Predictor => ({
  kind: 'mirror',
  forecast: async ({ issue_h, history_kw }) =>
    Float64Array.from(
      { length: issue_h.length * LEADS },
      (_, at) => history_kw[Math.floor(at / LEADS) * HISTORY_HOURS + shift + (at % LEADS)] ?? 0,
    ),
  dispose() {},
});

async function offline(
  predictor: Predictor,
  from_h: number,
  to_h: number,
  stride_h?: number,
): Promise<ForecastBlock[]> {
  const blocks: ForecastBlock[] = [];
  await forecastRange(predictor, telemetry, from_h, to_h, (block) => blocks.push(block), stride_h);
  return blocks;
}

test.each([
  ['seasonal', seasonal(24)],
  ['the newest inputs', mirror(HISTORY_HOURS - LEADS)],
  ['the oldest inputs', mirror(0)],
])('offline forecasts are those that a server makes from the log: %s', async (_name, predictor) => {
  const history = new History();
  const station_ids = telemetry.stations.map(({ station_id }) => station_id);
  const online: number[] = [];
  for (let i = 0; i < HOURS; i++) {
    const target_time = isoOfHour(START_H + i);
    const observations = station_ids.map((station_id, s) => {
      const value = telemetry.values_kw[s]?.[i] ?? Number.NaN;
      return { station_id, target_time, value_kw: Number.isNaN(value) ? null : value };
    });
    history.add({ available_at: target_time, observations });
    if (i >= 300) online.push(...(await predictor.forecast(history.batch(station_ids, START_H + i))));
  }
  const blocks = await offline(predictor, START_H + 300, START_H + HOURS);
  expect(blocks.flatMap(({ values_kw }) => [...values_kw])).toEqual(online);
});

test('blocks cover the range once, whatever the stride', async () => {
  const hours = (await offline(seasonal(24), START_H, START_H + HOURS, 7)).flatMap(({ from_h, stride_h, hours }) =>
    Array.from({ length: hours }, (_, i) => from_h + i * stride_h),
  );
  expect(hours).toEqual(Array.from({ length: Math.ceil(HOURS / 7) }, (_, i) => START_H + 7 * i));
});

test('a range outside the telemetry is refused', async () => {
  await expect(offline(seasonal(24), START_H - 1, START_H)).rejects.toThrow('are not within made up');
});
