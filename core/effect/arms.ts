import { armAlpha, GUARD } from '../judge/guard.ts';
import type { Arms } from '../plan-types.ts';
import { type Effect, isSame, type PlanChange } from './change.ts';

/** What moves between the arms of a release. Their shares are a flag, and flags are part of the release's digest. */
export function armEffects({ before, after, targets }: PlanChange): Effect[] {
  if (isSame(before.arms, after.arms)) return [];
  const released = targets.before.release !== targets.after.release;
  return [
    {
      rule: 'moves-arms',
      severity: 'notice',
      sentence: `${released ? 'The new release' : 'A release made from now on'} answers its stations by ${toldShares(after.arms)} instead of ${toldShares(before.arms)}.`,
    },
    ...(released ? [] : [waits]),
    ...wordEffects(before.arms, after.arms),
  ];
}

const waits: Effect = {
  rule: 'arms-wait-for-release',
  severity: 'warning',
  sentence:
    'The shares of arms are part of the release, whose digest does not change here: a release that runs keeps its own, and the new ones ramp with the next.',
};

function wordEffects(before: Arms | null, after: Arms | null): Effect[] {
  if (after === null) return [];
  const effects: Effect[] = [];
  if (before !== null && before.default !== after.default)
    effects.push({
      rule: 'moves-default-arm',
      severity: 'warning',
      sentence: `Stations of an arm that is switched off are answered by ${after.default} instead of ${before.default}.`,
    });
  if (countOf(before) !== countOf(after)) effects.push(alphaEffect(countOf(before), countOf(after)));
  return effects;
}

/** More arms, more chances to be wrong: each is given less of them. */
function alphaEffect(before: number, after: number): Effect {
  const percent = (arms: number) => `${Number((100 * armAlpha(arms)).toPrecision(3))} %`;
  return {
    rule: 'shares-guard',
    severity: 'notice',
    sentence: `The guard may abort any of ${after} arms in error with ${100 * GUARD.alpha} % altogether, so each gets ${percent(after)} instead of ${percent(before)}: a loss takes ${after > before ? 'longer' : 'less time'} to prove.`,
  };
}

function countOf(arms: Arms | null): number {
  return arms === null ? 1 : Object.keys(arms.shares).length;
}

function toldShares(arms: Arms | null): string {
  if (arms === null) return 'one model';
  return Object.entries(arms.shares)
    .map(([arm, percent]) => `${arm} (${percent} %)`)
    .join(', ');
}
