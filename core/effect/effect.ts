import { armEffects } from './arms.ts';
import { calendarEffects } from './calendar.ts';
import { type Effect, isSame, type PlanChange, type Severity } from './change.ts';
import { evidenceEffects } from './evidence.ts';
import { exposureEffects } from './exposure.ts';
import { gateEffects } from './gates.ts';
import { holdEffects } from './holds.ts';
import { judgeEffects } from './judge.ts';
import { liveEffects } from './live.ts';
import { ownerEffects } from './owner.ts';
import { peopleEffects } from './people.ts';
import { pinEffects } from './pins.ts';
import { powerEffects } from './power.ts';
import { releaseEffects } from './release.ts';
import { resourceEffects } from './resources.ts';
import { stationEffects } from './stations.ts';
import { successEffects } from './success.ts';
import { targetEffects } from './target.ts';

const rules = [
  releaseEffects,
  targetEffects,
  holdEffects,
  exposureEffects,
  stationEffects,
  pinEffects,
  powerEffects,
  gateEffects,
  judgeEffects,
  armEffects,
  resourceEffects,
  calendarEffects,
  peopleEffects,
  successEffects,
  evidenceEffects,
  ownerEffects,
];
const gravest: readonly Severity[] = ['danger', 'warning', 'notice'];

/** Every effect of a change of a plan; empty where it means what it meant. */
export function effectsOf(change: PlanChange): Effect[] {
  const { before, after, targets } = change;
  const standing = liveEffects(change);
  if (isSame([before, targets.before], [after, targets.after])) return standing;
  const effects = rules.flatMap((effectsBy) => effectsBy(change));
  return [...standing, ...(effects.length > 0 ? effects : [unnamed])];
}

const unnamed: Effect = {
  rule: 'unnamed-change',
  severity: 'warning',
  sentence: 'Something changes for which there is no rule yet: read the difference of manifests/.',
};

const noChange: Effect = {
  rule: 'no-change',
  severity: 'notice',
  sentence: 'Nothing happens: it means what it meant.',
};

/** For people: the gravest first, and a word where there is nothing. */
export function ordered(effects: readonly Effect[]): Effect[] {
  if (effects.length === 0) return [noChange];
  return effects.toSorted((a, b) => gravest.indexOf(a.severity) - gravest.indexOf(b.severity));
}
