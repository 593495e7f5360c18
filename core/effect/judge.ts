import { formatHours } from '../duration.ts';
import { type Effect, isSame, type PlanChange } from './change.ts';

/** How the judge itself is changed. */
export function judgeEffects({ before: { judge: was }, after: { judge: is } }: PlanChange): Effect[] {
  const effects: Effect[] = [];
  if (is.accepted_loss !== was.accepted_loss)
    effects.push(
      is.accepted_loss === null
        ? { rule: 'refuses-loss', severity: 'notice', sentence: 'Any proven loss of accuracy aborts again.' }
        : {
            rule: 'accepts-loss',
            severity: 'danger',
            sentence: `A proven loss of accuracy below 5 % no longer aborts; the reason given: "${is.accepted_loss}".`,
          },
    );
  if (is.truth_delay_hours !== was.truth_delay_hours)
    effects.push({
      rule: 'moves-truth-delay',
      severity: 'warning',
      sentence: `Target hours are closed ${formatHours(is.truth_delay_hours)} after their end instead of ${formatHours(was.truth_delay_hours)}: readings that come later do not count, and a verdict comes that much later. A release that is running is judged by both.`,
    });
  if (!isSame(is.database, was.database))
    effects.push({
      rule: 'moves-database',
      severity: 'danger',
      sentence:
        'The scorer starts on an empty database: what it knows of a running release is lost, and its judgement starts again.',
    });
  if (!isSame(is.drift, was.drift))
    effects.push({
      rule: 'moves-drift-limits',
      severity: 'notice',
      sentence: 'Drift is alerted on by other limits; no release is stopped for drift.',
    });
  if (!isSame(is.tariff, was.tariff))
    effects.push({
      rule: 'moves-tariff',
      severity: 'notice',
      sentence: 'Errors are priced by another tariff from now on: costs before and after are not of one measure.',
    });
  return effects;
}
