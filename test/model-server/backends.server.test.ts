import { afterAll, beforeAll, expect, test } from 'vitest';
import { LEADS } from '../../core/record.ts';
import type { BackendName } from '../../core/release.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { backends, openNetwork } from '../../model-server/backends/backends.ts';
import { dense } from '../../model-server/dense.ts';
import { fitNetwork } from '../../model-server/fit.ts';
import { type Weights, weightsOf } from '../../model-server/network.ts';
import { type ForecastBlock, forecastRange } from '../../model-server/offline.ts';
import type { Predictor } from '../../model-server/predictor.ts';
import { trainingSamples } from '../../model-server/samples.ts';
import { trainingHours } from '../../model-server/split.ts';
import { embeddedTelemetry, readTelemetry } from '../../telemetry/read.ts';

/** Of the GPU's variant there is only the name here. */
const here = ['simd', 'native', 'wasm', 'js'] as const;
/** Issue hours a week and an hour apart: every hour of the day, over five months. */
const STRIDE_H = 169;
const ISSUES = 20;

let telemetry: Telemetry;
let weights: Weights;
const opened = new Map<BackendName, Predictor>();

beforeAll(async () => {
  telemetry = await readTelemetry(embeddedTelemetry);
  const { draw } = trainingSamples(telemetry, trainingHours(telemetry));
  weights = weightsOf(await fitNetwork(draw, { seed: 1, steps: 100 }, () => {}));
  for (const name of here) opened.set(name, dense(await openNetwork(backends[name], weights)));
});
afterAll(() => {
  for (const predictor of opened.values()) predictor.dispose();
});

/** Forecasts of every station, in the order of issue hours. */
async function forecasts(name: BackendName): Promise<Float64Array> {
  const predictor = opened.get(name);
  if (predictor === undefined) throw new Error(`${name} was not opened`);
  const from_h = telemetry.start_h + trainingHours(telemetry);
  const values: number[] = [];
  const add = (block: ForecastBlock) => values.push(...block.values_kw);
  await forecastRange(predictor, telemetry, from_h, from_h + ISSUES * STRIDE_H, add, { stride_h: STRIDE_H });
  return Float64Array.from(values);
}

test('one model gives the same forecasts on all backends, to 1e-5 of the size of each station', async () => {
  const sizes_kw = telemetry.values_kw.map((values) => {
    const known = values.filter((value) => !Number.isNaN(value));
    return known.reduce((sum, value) => sum + Math.abs(value), 0) / known.length;
  });
  const ours = await forecasts('simd');
  expect(ours).toHaveLength(ISSUES * telemetry.stations.length * LEADS);
  expect(ours.some((value) => value > 0)).toBe(true);
  for (const name of here.slice(1)) {
    const theirs = await forecasts(name);
    const worst = ours.reduce((most, value, i) => {
      const station = Math.floor(i / LEADS) % telemetry.stations.length;
      return Math.max(most, Math.abs(value - (theirs[i] ?? Number.NaN)) / (sizes_kw[station] ?? Number.NaN));
    }, 0);
    expect(worst, name).toBeLessThan(1e-5);
  }
});

test.each(here)('on %s a row has the same bits whichever rows are beside it', async (name) => {
  const network = await openNetwork(backends[name], weights);
  const { features } = trainingSamples(telemetry, trainingHours(telemetry)).draw(Math.random, 300);
  const width = features.length / 300;
  const all = await network.forward(features);
  for (const [from, to] of [
    [0, 1],
    [7, 8],
    [299, 300],
    [1, 4],
    [3, 260],
  ] as const) {
    const some = await network.forward(features.slice(from * width, to * width));
    expect([...some]).toEqual([...all.subarray(from * LEADS, to * LEADS)]);
  }
  network.close();
});
