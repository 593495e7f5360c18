import { expect, test } from 'vitest';
import { HOUR_MS } from '../telemetry.ts';
import type { BacktestVerdict, LookTaken } from './backtest.ts';
import { takeLook } from './second-look.ts';

/** A look over so many days that begin `shift` days late. */
function look(days: number, { shift = 0, seed = 1 } = {}): LookTaken {
  const at = (day: number) => new Date(Date.UTC(2026, 0, 1) + 24 * day * HOUR_MS).toISOString();
  return { from: at(shift), to: at(shift + days), days, seed };
}

const seen = (verdict: BacktestVerdict, ...days: number[]) => ({ verdict, looks: days.map((n) => look(n)) });

test('a first look, the same look again, and after 14 more days a second', () => {
  expect(takeLook(null, look(90))).toEqual({ looks: [look(90)] });
  expect(takeLook(seen('none', 60), look(95, { shift: 3 }))).toEqual({ looks: [look(95, { shift: 3 })] });
  expect(takeLook(seen('abort', 90), look(90))).toEqual({ looks: [look(90)] });
  expect(takeLook(seen('continue', 90), look(104))).toEqual({ looks: [look(90), look(104)] });
  expect(takeLook(seen('safe', 90, 104), look(104))).toEqual({ looks: [look(90), look(104)] });
});

test.each([
  ['too early', seen('continue', 90), look(103), 'a second look needs 104 days, not 103'],
  ['over fewer days', seen('continue', 90), look(89), 'a second look needs 104 days, not 89'],
  ['a decided one', seen('abort', 90), look(120), 'only an open verdict is looked at again'],
  ['a third time', seen('continue', 90, 104), look(120), 'which was the second and last look'],
  ['over as many other days', seen('continue', 90), look(90, { shift: 1 }), 'goes on from the first'],
  ['over more, other days', seen('continue', 90), look(104, { shift: 30 }), 'goes on from the first'],
  ['with other late readings', seen('continue', 90), look(90, { seed: 2 }), 'goes on from the first'],
  ['a decided one elsewhere', seen('abort', 90), look(90, { shift: 1 }), 'only an open verdict is looked at again'],
])('not %s', (_what, before, again, why) => {
  expect(takeLook(before, again)).toEqual({ refused: expect.stringContaining(why) });
});
