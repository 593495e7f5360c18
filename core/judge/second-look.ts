import { BACKTEST, type Backtest, type LookTaken } from './backtest.ts';

export type Look = { looks: LookTaken[] } | { refused: string };

/**
 * Whether a pair of releases may be looked at after what was said of it before. The level is that of two looks: one, and after
 * BACKTEST.second_look_days more days, from the same first hour on, another, if the first left it open. Any other window would be a third
 * chance. The same look again says the same and is no new one; it counts as a try all the same.
 */
export function takeLook(before: Pick<Backtest, 'verdict' | 'looks'> | null, look: LookTaken): Look {
  const taken = before?.looks ?? [];
  const last = taken.at(-1);
  if (before === null || last === undefined || before.verdict === 'none') return { looks: [look] };
  const goes_on = look.from === last.from && look.seed === last.seed;
  if (goes_on && look.to === last.to) return { looks: taken };
  const first = `it was judged over ${last.days} days from ${last.from}: ${before.verdict}`;
  if (taken.length > 1) return { refused: `${first}, which was the second and last look` };
  if (before.verdict !== 'continue') return { refused: `${first}, and only an open verdict is looked at again` };
  if (!goes_on) return { refused: `${first}, and a second look goes on from the first: same first hour, same seed` };
  const second = last.days + BACKTEST.second_look_days;
  if (look.days < second) return { refused: `${first}, and a second look needs ${second} days, not ${look.days}` };
  return { looks: [...taken, look] };
}
