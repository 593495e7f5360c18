import { formatHours } from '../duration.ts';
import { type Effect, isSame, type PlanChange } from './change.ts';

/** What no release feels. */
export function ownerEffects({ before, after }: PlanChange): Effect[] {
  const effects: Effect[] = [];
  const notice = (rule: string, sentence: string) => effects.push({ rule, severity: 'notice', sentence });
  if (before.owner !== after.owner)
    notice('moves-owner', `${after.owner} answers for the service instead of ${before.owner}.`);
  if (before.runbook !== after.runbook)
    notice('moves-runbook', `Pauses and alerts point to ${after.runbook} instead of ${before.runbook}.`);
  if (!isSame(before.rehearsal, after.rehearsal)) {
    const { shadow_hours, ramp_hours } = after.rehearsal;
    notice(
      'moves-rehearsal',
      `Rehearsals replay ${formatHours(shadow_hours)} of shadow and ${formatHours(ramp_hours)} of each ramp; no cluster is touched.`,
    );
  }
  return effects;
}
