import { afterEach, expect, test, vi } from 'vitest';
import { randomOf } from '../../core/random.ts';
import { LEADS } from '../../core/record.ts';
import { FEATURES } from '../features.ts';
import { SHAPES, type Weights, weightsOf } from '../network.ts';
import { randomWeights } from '../random-network.ts';
import { simd } from './simd.ts';

/** More than lie in the module's memory at once. */
const ROWS = 600;
const weights = weightsOf(randomWeights(3));
const random = randomOf(4);
const features = Float32Array.from({ length: ROWS * FEATURES }, () => 4 * random() - 2);

afterEach(() => vi.unstubAllGlobals());

/** In doubles, one number at a time. */
function product(input: ArrayLike<number>, weight: number, of: Weights = weights): Float64Array {
  const [rows = 0, columns = 0] = SHAPES[weight] ?? [];
  return Float64Array.from({ length: columns }, (_, column) => {
    let sum = 0;
    for (let row = 0; row < rows; row++)
      sum += (input[row] ?? Number.NaN) * (of[weight]?.[row * columns + column] ?? 0);
    return sum;
  });
}

const plus = (values: Float64Array, more: ArrayLike<number>) =>
  values.map((value, i) => value + (more[i] ?? Number.NaN));
const bias = (weight: number) => weights[weight] ?? [];

function expected(input: Float32Array): Float64Array {
  const relu = (values: Float64Array) => values.map((value) => Math.max(0, value));
  const wide = relu(plus(product(input, 0), bias(1)));
  const narrow = relu(plus(product(wide, 2), bias(3)));
  return plus(plus(product(narrow, 4), bias(5)), product(input, 6));
}

test('it gives what the network gives in doubles', async () => {
  const residuals = await (await simd.open(weights)).forward(features);
  let most = 0;
  for (let row = 0; row < ROWS; row++) {
    const exact = expected(features.subarray(row * FEATURES, (row + 1) * FEATURES));
    for (const [lead, value] of exact.entries())
      most = Math.max(most, Math.abs(value - (residuals[row * LEADS + lead] ?? Number.NaN)));
  }
  expect(residuals).toHaveLength(ROWS * LEADS);
  expect(most).toBeLessThan(1e-5);
});

test('a row has the same bits alone and among any others, and two networks do not touch each other', async () => {
  const [network, other] = await Promise.all([simd.open(weights), simd.open(weightsOf(randomWeights(5)))]);
  const all = await network.forward(features);
  const others = await other.forward(features);
  for (const [from, to] of [
    [0, 1],
    [255, 258],
    [599, 600],
    [3, 300],
  ] as const) {
    const some = await network.forward(features.slice(from * FEATURES, to * FEATURES));
    expect(some).toEqual(all.slice(from * LEADS, to * LEADS));
  }
  expect(others).not.toEqual(all);
});

test('without WebAssembly it says that it is broken', async () => {
  vi.stubGlobal('WebAssembly', undefined);
  await expect(simd.open(weights)).rejects.toMatchObject({ reason: 'broken' });
});
