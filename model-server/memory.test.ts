import { expect, test } from 'vitest';
import { beginning, Made } from './made.ts';
import { Memory } from './memory.ts';
import { noForecast } from './predictor.ts';

const common = { release: 'r', pod_hash: 'h', arm: 'control', issue_time: '2016-08-07T05:00:00Z' };
const block = {
  common,
  begin: beginning(common),
  forecast: noForecast(1),
  digests: new Uint8Array(32),
  fallback: new Uint8Array(1),
};

function filled(...hours: number[]): Memory {
  const memory = new Memory();
  for (const issue_h of hours) memory.of('control', issue_h).set('a', new Made(block, 0, 'a'));
  return memory;
}

test('the two hours that were last asked for are remembered, of each arm', () => {
  const memory = filled(1, 2);
  memory.of('control', 1);
  memory.of('control', 3);
  expect(memory.of('other', 1).has('a')).toBe(false);
  expect(memory.of('control', 1).has('a')).toBe(true);
  expect(memory.of('control', 2).has('a')).toBe(false);
});

test('what the log says more of an hour takes what was made of it and of later ones', () => {
  const memory = filled(1, 2);
  memory.forgetFrom(2);
  expect(memory.of('control', 1).has('a')).toBe(true);
  expect(memory.of('control', 2).has('a')).toBe(false);
});

test('a forecast is new once for each purpose', () => {
  const made = new Made(block, 0, 'a');
  expect([made.isNewFor('served'), made.isNewFor('served'), made.isNewFor('mirror')]).toEqual([true, false, true]);
});
