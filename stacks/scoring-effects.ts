import { type Effect, isSame } from '../core/effect/change.ts';
import type { Scoring } from './scoring.ts';

/** What a stack's configuration changes for what judges the versions. */
export function scoringEffects(before: Scoring, after: Scoring): Effect[] {
  const effects: Effect[] = [];
  if (before.scorer_image !== after.scorer_image)
    effects.push({
      rule: 'updates-scorer',
      severity: 'notice',
      sentence: 'The scorer starts again on another image: judging waits until it is back, and nothing is lost.',
    });
  if (!isSame(before.data, after.data))
    effects.push({
      rule: 'moves-scorer-data',
      severity: 'danger',
      sentence:
        'The scorer starts on another volume: what it knows of a running release is lost, and its judgement starts again.',
    });
  return effects;
}
