import { expect, test } from 'vitest';
import { LEADS } from '../core/record.ts';
import { HISTORY_HOURS, isoOfHour, type Telemetry } from '../core/telemetry.ts';
import { History } from './history.ts';
import type { Lateness } from './known-hours.ts';
import { type ForecastBlock, forecastRange } from './offline.ts';
import { noForecast, type Predictor } from './predictor.ts';
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
  forecast: async ({ issue_h, history_kw }) => ({
    ...noForecast(issue_h.length),
    values_kw: Float64Array.from(
      { length: issue_h.length * LEADS },
      (_, at) => history_kw[Math.floor(at / LEADS) * HISTORY_HOURS + shift + (at % LEADS)] ?? 0,
    ),
  }),
  dispose() {},
});

async function offline(
  predictor: Predictor,
  from_h: number,
  to_h: number,
  options: { stride_h?: number; lateness?: Lateness } = {},
): Promise<ForecastBlock[]> {
  const blocks: ForecastBlock[] = [];
  await forecastRange(predictor, telemetry, from_h, to_h, (block) => blocks.push(block), options);
  return blocks;
}

/** Nearly every third reading is one to five hours late, as it happens. */
const late: Lateness = {
  max_h: 5,
  hours: (station, target_h) => ((7 * station + 13 * target_h) % 17 < 5 ? ((station + target_h) % 5) + 1 : 0),
};

test.each([
  ['seasonal', seasonal(24), undefined],
  ['the newest inputs', mirror(HISTORY_HOURS - LEADS), undefined],
  ['the oldest inputs', mirror(0), undefined],
  ['seasonal, of late readings', seasonal(24), late],
  ['the newest inputs, of late readings', mirror(HISTORY_HOURS - LEADS), late],
])('offline forecasts are those that a server makes from the log: %s', async (_name, predictor, lateness) => {
  const history = new History();
  const station_ids = telemetry.stations.map(({ station_id }) => station_id);
  const online: number[] = [];
  for (let i = 0; i < HOURS; i++) {
    const now_h = START_H + i;
    const observations = [];
    for (let target_h = now_h - (lateness?.max_h ?? 0); target_h <= now_h; target_h++)
      for (const [s, station_id] of station_ids.entries()) {
        if (target_h < START_H || target_h + (lateness?.hours(s, target_h) ?? 0) !== now_h) continue;
        const value = telemetry.values_kw[s]?.[target_h - START_H] ?? Number.NaN;
        const value_kw = Number.isNaN(value) ? null : value;
        observations.push({ station_id, target_time: isoOfHour(target_h), value_kw });
      }
    history.add({ available_at: isoOfHour(now_h), observations });
    if (i >= 300) online.push(...(await predictor.forecast(history.batch(station_ids, now_h))).values_kw);
  }
  const blocks = await offline(predictor, START_H + 300, START_H + HOURS, lateness === undefined ? {} : { lateness });
  expect(blocks.flatMap(({ values_kw }) => [...values_kw])).toEqual(online);
});

test('blocks cover the range once, whatever the stride', async () => {
  const hours = (await offline(seasonal(24), START_H, START_H + HOURS, { stride_h: 7 })).flatMap(
    ({ from_h, stride_h, hours }) => Array.from({ length: hours }, (_, i) => from_h + i * stride_h),
  );
  expect(hours).toEqual(Array.from({ length: Math.ceil(HOURS / 7) }, (_, i) => START_H + 7 * i));
});

test('a range outside the telemetry is refused', async () => {
  await expect(offline(seasonal(24), START_H - 1, START_H)).rejects.toThrow('are not within made up');
});

test("a fallback's forecasts judge nothing", async () => {
  const fallback = { from: 'simd', to: 'seasonal', reason: 'crashed' };
  const fallen: Predictor = {
    ...seasonal(24),
    forecast: async (batch) => ({ ...(await seasonal(24).forecast(batch)), fallback }),
  };
  await expect(offline(fallen, START_H + 400, START_H + 410)).rejects.toThrow('simd does not answer (crashed)');
});
