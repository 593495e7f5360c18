import { expect, test } from 'vitest';
import { normalOf, randomOf } from '../../core/random.ts';
import { addRound, mlPolyWeights } from './ml-poly.ts';

test('before anything is known all weigh alike; an expert that did no better than the mixture has no weight', () => {
  expect([...mlPolyWeights([0, 0, 0, 0], [0, 0, 0, 0])]).toEqual([0.25, 0.25, 0.25, 0.25]);
  // 2 / (1 + 1) = 1 and 9 / (1 + 2) = 3.
  expect([...mlPolyWeights([2, -5, 9], [1, 0, 2])]).toEqual([0.25, 0, 0.75]);
});

/** Mean loss of the mixture and of each expert over `rounds` forecasts of a number, with the gradient of the absolute error. */
function play(rounds: number, experts: readonly ((truth: number) => number)[], share = 1) {
  const random = randomOf(7);
  const [regret, squares] = [new Float64Array(experts.length), new Float64Array(experts.length)];
  const losses = experts.map(() => 0);
  let mixture = 0;
  for (let t = 0; t < rounds; t++) {
    const truth = normalOf(random);
    const said = experts.map((expert) => expert(truth));
    const weights = mlPolyWeights(regret, squares);
    const mixed = said.reduce((sum, value, k) => sum + value * (weights[k] ?? 0), 0);
    mixture += Math.abs(mixed - truth);
    for (const [k, value] of said.entries()) losses[k] = (losses[k] ?? 0) + Math.abs(value - truth);
    const gained = said.map((value) => Math.sign(mixed - truth) * (mixed - value));
    addRound(regret, squares, gained, share);
  }
  return {
    mixture: mixture / rounds,
    losses: losses.map((loss) => loss / rounds),
    weights: mlPolyWeights(regret, squares),
  };
}

test('the mixture loses hardly more than the best expert, and its weight goes there', () => {
  const noise = randomOf(3);
  const near = (size: number) => (truth: number) => truth + size * normalOf(noise);
  const { mixture, losses, weights } = play(4000, [near(2), near(0.2), near(1), () => 5]);
  expect(mixture).toBeLessThan(1.1 * Math.min(...losses));
  expect(weights[1]).toBeGreaterThan(0.8);
});

test('two experts that err to opposite sides are mixed, and the mixture beats both', () => {
  const { mixture, losses } = play(2000, [(truth) => truth + 1, (truth) => truth - 1]);
  expect(losses).toEqual([expect.closeTo(1, 9), expect.closeTo(1, 9)]);
  expect(mixture).toBeLessThan(0.2);
});
