import { Matrix, solve } from 'ml-matrix';
import { expect, test } from 'vitest';
import { normalOf, randomOf } from '../../core/random.ts';
import { forget, noEquations, observe, solveRidge } from './least-squares.ts';

const FEATURES = 5;
const PENALTY = 0.7;
const SHARE = 0.9;
const random = randomOf(1);
const rows = Array.from({ length: 60 }, () => ({
  x: Float64Array.from({ length: FEATURES }, () => normalOf(random)),
  y: normalOf(random),
  weight: 0.5 + random(),
}));

/** θ = (XᵀWX + penalty·I)⁻¹ XᵀWy, all at once. */
function batchRidge(weights: number[]): number[] {
  const x = new Matrix(rows.map(({ x }) => [...x]));
  const weighted = new Matrix(rows.map(({ x }, i) => [...x].map((value) => value * (weights[i] ?? 0))));
  const gram = weighted.transpose().mmul(x).add(Matrix.eye(FEATURES).mul(PENALTY));
  const product = weighted.transpose().mmul(Matrix.columnVector(rows.map(({ y }) => y)));
  return solve(gram, product).getColumn(0);
}

test.each([
  ['nothing forgotten', 1],
  ['what is older counts less', SHARE],
])('learned row by row, the weights are those of all rows at once: %s', (_what, share) => {
  const equations = noEquations(FEATURES);
  for (const { x, y, weight } of rows) {
    forget(equations, share);
    observe(equations, x, y, weight);
  }
  const weights = new Float64Array(FEATURES);
  solveRidge(equations, PENALTY, weights);
  const expected = batchRidge(rows.map(({ weight }, i) => weight * share ** (rows.length - 1 - i)));
  for (const [i, weight] of expected.entries()) expect(weights[i]).toBeCloseTo(weight, 10);
});

test('without observations the weights are zero', () => {
  const weights = new Float64Array(FEATURES).fill(1);
  solveRidge(noEquations(FEATURES), PENALTY, weights);
  expect([...weights]).toEqual([0, 0, 0, 0, 0]);
});
