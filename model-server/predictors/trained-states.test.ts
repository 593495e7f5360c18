import { expect, test } from 'vitest';
import { initialState, parseStates, statesBytes } from './trained-states.ts';

const states = {
  others: Float64Array.of(1, 2),
  of: new Map([
    ['a', Float64Array.of(3, 4)],
    ['b', Float64Array.of(5, 6)],
  ]),
};

test('states are read as they were written, wherever their bytes lie in memory', () => {
  // Buffer.from takes a piece of a pool that other buffers share, at any place of it.
  Buffer.from('x');
  const pooled = Buffer.from(statesBytes(states));
  expect(pooled.buffer.byteLength).toBeGreaterThan(pooled.byteLength);
  const read = parseStates(pooled, ['a', 'b'], 2);
  expect(read).toEqual(states);
  expect(initialState(read, 'b')).toEqual(Float64Array.of(5, 6));
  expect(initialState(read, 'unknown')).toEqual(Float64Array.of(1, 2));
});

test('bytes of another model are refused', () => {
  expect(() => parseStates(statesBytes(states), ['a'], 2)).toThrow('states of 1 stations have 48 bytes instead of 32');
});
