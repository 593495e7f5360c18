import { expect, test } from 'vitest';
import { normalOf, randomOf } from '../../core/random.ts';
import type { Telemetry } from '../../core/telemetry.ts';
import { FEATURES } from '../features.ts';
import { SHAPES } from '../network.ts';
import { runByLiteRt } from './litert.ts';
import { integerForward } from './network.ts';
import { calibrate, quantise } from './quantise.ts';
import { readModel } from './read-model.ts';
import { writeModel } from './write-model.ts';

const random = randomOf(1);
const normal = (size: number) => Float32Array.from({ length: size }, () => normalOf(random));

/** Nothing that was learned: numbers of the size that a trained network has. */
const weights = SHAPES.map(([rows, columns]) => normal(rows * columns).map((value) => value / Math.sqrt(rows + 1)));
const telemetry: Telemetry = {
  name: 'made up',
  stations: [{ station_id: 'a', name: 'a' }],
  start_h: 400_000,
  hours: 1500,
  values_kw: [Float64Array.from({ length: 1500 }, (_, i) => 5 + Math.sin(i / 4) + random())],
};
const network = quantise(weights, calibrate(weights, telemetry));
const model = writeModel(network, 'a test');

test('a model is read as it was written, and written to the same bytes again', () => {
  expect(readModel(model)).toEqual(network);
  expect(readModel(Buffer.concat([Buffer.alloc(8), model]).subarray(8))).toEqual(network);
  expect(Buffer.compare(writeModel(readModel(model), 'a test'), model)).toBe(0);
});

test('LiteRT gives the same bits, within the calibrated ranges and far beyond them', async () => {
  const rows = 300;
  for (const size of [1, 100]) {
    const features = normal(rows * FEATURES).map((value) => value * size);
    const ours = integerForward(network)(features);
    expect(new Set(ours).size).toBeGreaterThan(rows);
    expect(await runByLiteRt(model, features)).toEqual(ours);
  }
});

test('weights keep 8 bits, and each output its largest weight', () => {
  for (const layer of network) {
    for (let j = 0; j < layer.outputs; j++) {
      const row = layer.weights.subarray(j * layer.inputs, (j + 1) * layer.inputs);
      expect(row.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBe(127);
    }
  }
});

test.each([
  ['another file', () => new TextEncoder().encode('not a model'), 'it is no TensorFlow Lite model'],
  [
    'another schema',
    () => changed((bytes) => bytes.setUint32(modelField(bytes, 0), 4, true)),
    'its schema is not version 3',
  ],
  [
    'another operator',
    () => changed((bytes) => bytes.setInt32(firstOperatorCode(bytes), 3, true)),
    'its operators are others',
  ],
])('%s is refused', (_name, bytes, why) => {
  expect(() => readModel(bytes())).toThrow(`this is no edge model of gridramp's: ${why}`);
});

test('telemetry that is zero throughout gives no ranges', () => {
  const nothing = { ...telemetry, values_kw: [new Float64Array(1500)] };
  const blind = weights.map((values) => values.map(() => 0));
  expect(() => quantise(blind, calibrate(blind, nothing))).toThrow('have no scale');
});

function changed(change: (bytes: DataView) => void): Uint8Array {
  const bytes = model.slice();
  change(new DataView(bytes.buffer));
  return bytes;
}

/** Where field `n` of the file's root table lies. */
function modelField(bytes: DataView, n: number): number {
  return fieldOf(bytes, bytes.getUint32(0, true), n);
}

function firstOperatorCode(bytes: DataView): number {
  const codes = modelField(bytes, 1);
  const first = codes + bytes.getUint32(codes, true) + 4;
  return fieldOf(bytes, first + bytes.getUint32(first, true), 3);
}

function fieldOf(bytes: DataView, table: number, n: number): number {
  return table + bytes.getUint16(table - bytes.getInt32(table, true) + 4 + 2 * n, true);
}
