import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exampleTarget } from '../compile/example-target.ts';
import { type Arms, parsePlan } from '../plan.ts';
import { effectsOf } from './effect.ts';

const plan = parsePlan(readFileSync(new URL('../../rollouts/forecast.yaml', import.meta.url), 'utf8'), 'forecast.yaml');
const two: Arms = { default: 'control', expected: 'all', shares: { all: 50, control: 50 } };

/** What it does to go from one plan's arms to another's, by rule. */
function effects(before: Arms | null, after: Arms | null, release = exampleTarget.release) {
  const targets = { before: exampleTarget, after: { ...exampleTarget, release } };
  const change = { before: { ...plan, arms: before }, after: { ...plan, arms: after }, targets };
  const found = effectsOf({ ...change, gates: [], stations: null, live: null });
  return Object.fromEntries(found.map(({ rule, sentence }) => [rule, sentence]));
}

test('other shares alone do nothing to a release that runs, and that is said', () => {
  expect(effects(two, { ...two, shares: { all: 80, control: 20 } })).toEqual({
    'moves-arms':
      'A release made from now on answers its stations by all (80 %), control (20 %) instead of all (50 %), control (50 %).',
    'arms-wait-for-release':
      'The shares of arms are part of the release, whose digest does not change here: a release that runs keeps its own, and the new ones ramp with the next.',
  });
});

test('with another release they begin to count, and ramp as it does', () => {
  const found = effects(two, { ...two, default: 'all', expected: 'control' }, `sha256:${'9'.repeat(64)}`);
  expect(Object.keys(found)).toEqual(['starts-release', 'moves-arms', 'moves-default-arm']);
  expect(found['moves-default-arm']).toBe(
    'Stations of an arm that is switched off are answered by all instead of control.',
  );
});

test('more arms share what the guard may be wrong by', () => {
  expect(effects(null, two)['shares-guard']).toBe(
    'The guard may abort any of 2 arms in error with 1 % altogether, so each gets 0.5 % instead of 1 %: a loss takes longer to prove.',
  );
  expect(effects(two, null)).toMatchObject({ 'moves-arms': expect.stringContaining('by one model instead of all') });
});
