import type { Effect, PlanChange, Severity } from './change.ts';
import { exposureEffects } from './exposure.ts';
import { gateEffects } from './gates.ts';
import { judgeEffects } from './judge.ts';
import { ownerEffects } from './owner.ts';
import { powerEffects } from './power.ts';
import { releaseEffects } from './release.ts';
import { resourceEffects } from './resources.ts';

const rules = [releaseEffects, exposureEffects, powerEffects, gateEffects, judgeEffects, resourceEffects, ownerEffects];
const gravest: readonly Severity[] = ['danger', 'warning', 'notice'];

/** Every effect of a change of a plan, the gravest first; one that says so where there is none. */
export function effectsOf(change: PlanChange): Effect[] {
  const effects = rules.flatMap((effectsBy) => effectsBy(change));
  if (effects.length === 0)
    return [{ rule: 'no-change', severity: 'notice', sentence: 'Nothing happens: the plan means what it meant.' }];
  return effects.sort((a, b) => gravest.indexOf(a.severity) - gravest.indexOf(b.severity));
}
