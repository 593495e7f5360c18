import { didYouMean } from './did-you-mean.ts';
import type { Fault } from './input-error.ts';
import { faultAt, type PlanDocument, type WrittenArms, type WrittenPlan } from './plan-file.ts';
import { percentOf } from './plan-steps.ts';
import type { Arms } from './plan-types.ts';

/** In the order of their names: the order in which a file happens to list them decides nothing. */
export function armsOf({ default: default_arm, expected, shares }: WrittenArms): Arms {
  const percents = sharesOf({ shares }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { default: default_arm, expected, shares: Object.fromEntries(percents) };
}

/** What the schema cannot say about `arms:`: names that must be among the shares, and shares that must add up. */
export function armFaults(source: PlanDocument, { arms }: Pick<WrittenPlan, 'arms'>): Fault[] {
  if (arms === undefined) return [];
  return [...nameFaults(source, arms), ...sumFaults(source, arms)];
}

function nameFaults(source: PlanDocument, { shares, ...named }: WrittenArms): Fault[] {
  const known = Object.keys(shares);
  const unknown = (['default', 'expected'] as const)
    .filter((field) => !known.includes(named[field]))
    .map((field) =>
      faultAt(source, ['arms', field], {
        message: `"${named[field]}" has no share in arms.shares`,
        fix: didYouMean(named[field], known),
      }),
    );
  if (unknown.length > 0 || named.default !== named.expected) return unknown;
  return [
    faultAt(source, ['arms', 'expected'], {
      message: `"${named.expected}" is also arms.default, so that there is nothing to win against`,
      fix: `name another: ${known.filter((arm) => arm !== named.default).join(' or ')}`,
    }),
  ];
}

function sumFaults(source: PlanDocument, arms: WrittenArms): Fault[] {
  const sum = sharesOf(arms).reduce((all, [, percent]) => all + percent, 0);
  if (sum === 100) return [];
  const told = Object.entries(arms.shares).map(([arm, share]) => `${arm} ${share}`);
  const fix = sum < 100 ? `give ${100 - sum}% more to one of them` : `take ${sum - 100}% from one of them`;
  return [faultAt(source, ['arms', 'shares'], { message: `the shares ${told.join(', ')} add up to ${sum}%`, fix })];
}

function sharesOf({ shares }: Pick<WrittenArms, 'shares'>): [string, number][] {
  return Object.entries(shares).map(([arm, share]) => [arm, percentOf(share)]);
}
