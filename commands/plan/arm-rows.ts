import { armAlpha } from '../../core/judge/guard.ts';
import type { Arms } from '../../core/plan.ts';
import { textTable } from '../text-table.ts';

/** A plan's arms as a table: who gets how many of the candidate's stations, and what each is there for. */
export function armTable({ default: default_arm, expected, shares }: Arms): string {
  const arms = Object.entries(shares);
  const wrong = `${Number((100 * armAlpha(arms.length)).toPrecision(3))} %`;
  const roles: Record<string, string> = {
    [default_arm]: 'answers where another arm is off, and is never off itself',
    [expected]: 'meant to win',
  };
  const rows = arms.map(([arm, percent]) => [arm, `${percent} %`, wrong, roles[arm] ?? '']);
  return textTable([['arm', "of the candidate's stations", 'aborted in error at most', '']], rows).join('\n');
}
