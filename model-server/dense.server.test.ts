import { expect, test } from 'vitest';
import { randomOf } from '../core/random.ts';
import { LEADS } from '../core/record.ts';
import { HISTORY_HOURS, type Telemetry } from '../core/telemetry.ts';
import { simd } from './backends/simd.ts';
import { dense } from './dense.ts';
import { denseMargins } from './dense-margins.ts';
import { heldOut } from './evaluate.ts';
import { fitNetwork } from './fit.ts';
import { History } from './history.ts';
import { weightsOf } from './network.ts';
import { forecastRange } from './offline.ts';
import { trainingSamples } from './samples.ts';
import { seasonal } from './seasonal.ts';
import { tensorflow } from './tensorflow.ts';

const START_H = 400_000;
const HOURS = 60 * 24;
const TRAINING_HOURS = 40 * 24;

/** Stations of very different size with a daily shape that a weekly one modulates, noise, and a few missing readings. */
const telemetry: Telemetry = {
  name: 'made up',
  stations: [0, 1, 2, 3, 4].map((s) => ({ station_id: `s${s}`, name: `station ${s}` })),
  start_h: START_H,
  hours: HOURS,
  values_kw: [0, 1, 2, 3, 4].map((s) => {
    const random = randomOf(s);
    return Float64Array.from({ length: HOURS }, (_, i) => {
      if (random() < 0.01) return Number.NaN;
      const day = Math.sin((2 * Math.PI * (i + 3 * s)) / 24);
      const week = Math.floor(i / 24) % 7 < 5 ? 1 : 0.5;
      return 10 ** s * (2 + week * day + 0.3 * random());
    });
  }),
};

/** A few steps: enough to beat yesterday on weekends. */
const trained = (seed: number, steps = 150) =>
  fitNetwork(trainingSamples(telemetry, TRAINING_HOURS).draw, { seed, steps }, () => {});

const served = async (weights: Uint8Array) => dense(await simd.open(weightsOf(weights)));

test('the backend is native TensorFlow', async () => {
  expect((await tensorflow()).getBackend()).toBe('tensorflow');
});

test('the same seed gives the same bytes, another seed others', async () => {
  const [first, again, other] = [await trained(1, 30), await trained(1, 30), await trained(2, 30)];
  expect(Buffer.compare(first, again)).toBe(0);
  expect(Buffer.compare(first, other)).not.toBe(0);
});

test('it learns: on later hours its error is well below the existing forecast, at every size of station', async () => {
  const model = await served(await trained(1));
  const metrics = await heldOut(model, seasonal(24), telemetry, START_H + TRAINING_HOURS);
  expect(metrics.gain).toBeGreaterThan(0.15);
  expect(metrics.stations_worse).toBe(0);
});

test('a forecast has the same bits alone, in a batch, online and offline', async () => {
  const model = await served(await trained(1, 10));
  const issue_h = START_H + 900;
  const station_ids = telemetry.stations.map(({ station_id }) => station_id);
  const blocks: number[][] = [];
  await forecastRange(model, telemetry, issue_h, issue_h + 30, ({ values_kw }) => blocks.push([...values_kw]));
  const offline = blocks.flat().slice(0, station_ids.length * LEADS);
  const history = new History();
  for (let i = 0; i <= 900; i++) history.add(entryOf(i));
  expect([...(await model.forecast(history.batch(station_ids, issue_h))).values_kw]).toEqual(offline);
  for (const [row, station_id] of station_ids.entries()) {
    const alone = await model.forecast(history.batch([station_id], issue_h));
    expect([...alone.values_kw]).toEqual(offline.slice(row * LEADS, (row + 1) * LEADS));
  }
});

test('its interval holds nine readings in ten of hours that it did not see', async () => {
  const network = await simd.open(weightsOf(await trained(1)));
  const model = dense(network, await denseMargins(network, telemetry, TRAINING_HOURS));
  let [held, said] = [0, 0];
  const [from_h, to_h] = [START_H + TRAINING_HOURS, START_H + HOURS - LEADS];
  await forecastRange(model, telemetry, from_h, to_h, ({ low_kw, high_kw }) => {
    for (const [at, low] of low_kw.entries()) {
      const row = Math.floor(at / LEADS);
      const hour = from_h - START_H + Math.floor(row / telemetry.stations.length) + 1 + (at % LEADS);
      const actual = telemetry.values_kw[row % telemetry.stations.length]?.[hour] ?? Number.NaN;
      if (Number.isNaN(actual)) continue;
      said++;
      if (actual >= low && actual <= (high_kw[at] ?? Number.NaN)) held++;
    }
  });
  expect(Math.abs(held / said - 0.9)).toBeLessThan(0.05);
});

test('a station of which nothing is known gets no numbers, and others in its batch do', async () => {
  const model = await served(await trained(1, 10));
  const history_kw = new Float64Array(2 * HISTORY_HOURS).fill(Number.NaN);
  history_kw[HISTORY_HOURS + 17] = 5;
  const { values_kw } = await model.forecast({
    station_ids: ['a', 'b'],
    issue_h: Int32Array.of(START_H, START_H),
    history_kw,
  });
  expect(values_kw.subarray(0, LEADS).every(Number.isNaN)).toBe(true);
  expect(values_kw.subarray(LEADS).every((value) => value >= 0)).toBe(true);
});

test('training leaves no tensor behind', async () => {
  const tf = await tensorflow();
  const before = tf.memory().numTensors;
  await trained(1, 10);
  expect(tf.memory().numTensors).toBe(before);
});

test('weights of another network are refused', () => {
  expect(() => weightsOf(new Uint8Array(8))).toThrow('dense weights have 8 bytes instead of 116992');
});

function entryOf(i: number) {
  const time = new Date((START_H + i) * 3_600_000).toISOString().replace('.000Z', 'Z');
  return {
    available_at: time,
    observations: telemetry.stations.map(({ station_id }, s) => {
      const value = telemetry.values_kw[s]?.[i] ?? Number.NaN;
      return { station_id, target_time: time, value_kw: Number.isNaN(value) ? null : value };
    }),
  };
}
