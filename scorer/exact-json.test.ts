import { expect, test } from 'vitest';
import { exactJson, parseExactJson } from './exact-json.ts';
import { newState } from './session.ts';

test('a state comes back with every number as it was, those too that JSON does not have', () => {
  const state = newState(400_000);
  state.sums.theta.abort.sumsq = Number.POSITIVE_INFINITY;
  state.sums.theta.win.sum = Number.NaN;
  state.sums.theta.safe.sum = 1 / 3;
  const peak = { z: Number.NEGATIVE_INFINITY, value: 0, hour: 400_001, exceeded_h: null };
  state.consistency.alarms = { drift: peak };
  state.consistency.losses.stable.values = [1, Number.POSITIVE_INFINITY];
  state.parity_first_break = 'NaN';
  expect(parseExactJson(exactJson(state))).toEqual(state);
});
