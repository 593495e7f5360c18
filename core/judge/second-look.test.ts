import { expect, test } from 'vitest';
import type { BacktestVerdict } from './backtest.ts';
import { takeLook } from './second-look.ts';

const seen = (verdict: BacktestVerdict, ...looked_at_days: number[]) => ({
  days: looked_at_days.at(-1) ?? 0,
  verdict,
  looked_at_days,
});

test('a first look, the same look again, and after 14 more days a second', () => {
  expect(takeLook(null, 90)).toEqual({ looked_at_days: [90] });
  expect(takeLook(seen('none', 60), 95)).toEqual({ looked_at_days: [95] });
  expect(takeLook(seen('abort', 90), 90)).toEqual({ looked_at_days: [90] });
  expect(takeLook(seen('continue', 90), 104)).toEqual({ looked_at_days: [90, 104] });
  expect(takeLook(seen('safe', 90, 104), 104)).toEqual({ looked_at_days: [90, 104] });
});

test.each([
  ['too early', seen('continue', 90), 103, 'a second look needs 104 days, not 103'],
  ['over fewer days', seen('continue', 90), 89, 'a second look needs 104 days, not 89'],
  ['a decided one', seen('abort', 90), 120, 'only an open verdict is looked at again'],
  ['a third time', seen('continue', 90, 104), 120, 'which was the second and last look'],
])('not %s', (_what, before, days, why) => {
  expect(takeLook(before, days)).toEqual({ refused: expect.stringContaining(why) });
});
