import { BACKTEST, type Backtest } from './backtest.ts';

export type Look = { looked_at_days: number[] } | { refused: string };

/**
 * Whether a pair of releases may be looked at over `days` days after what was said of it before. The level is that of two looks: one, and
 * after BACKTEST.second_look_days more days another, if the first left it open. The same days again say the same and are no new look.
 */
export function takeLook(before: Pick<Backtest, 'days' | 'verdict' | 'looked_at_days'> | null, days: number): Look {
  if (before === null || before.verdict === 'none') return { looked_at_days: [days] };
  const taken = before.looked_at_days;
  const last = taken.at(-1) ?? before.days;
  if (days === last) return { looked_at_days: taken };
  const first = `it was judged over ${last} days: ${before.verdict}`;
  if (taken.length > 1) return { refused: `${first}, which was the second and last look` };
  if (before.verdict !== 'continue') return { refused: `${first}, and only an open verdict is looked at again` };
  const second = last + BACKTEST.second_look_days;
  if (days < second) return { refused: `${first}, and a second look needs ${second} days, not ${days}` };
  return { looked_at_days: [...taken, days] };
}
