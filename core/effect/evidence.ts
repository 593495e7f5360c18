import { formatHours } from '../duration.ts';
import { type Effect, type PlanChange, short } from './change.ts';

/** What is kept of a release, and which aborted one may come again in spite of it. */
export function evidenceEffects({ before, after }: PlanChange): Effect[] {
  const [was_h, is_h] = [before.evidence.retain_hours, after.evidence.retain_hours];
  const shorter = is_h < was_h;
  const retention: Effect = {
    rule: shorter ? 'shortens-retention' : 'lengthens-retention',
    severity: shorter ? 'warning' : 'notice',
    sentence: `Evidence is kept for ${formatHours(is_h)} after a release's end instead of ${formatHours(was_h)}${shorter ? ', that of earlier releases as well' : ''}.`,
  };
  return [...(was_h === is_h ? [] : [retention]), ...acknowledged(before.acknowledge, after.acknowledge)];
}

function acknowledged(was: Record<string, string>, is: Record<string, string>): Effect[] {
  return [
    ...Object.entries(is).flatMap(([digest, reason]): Effect[] => {
      if (was[digest] === reason) return [];
      if (was[digest] !== undefined)
        return [
          {
            rule: 'moves-acknowledgement',
            severity: 'notice',
            sentence: `Why ${short(digest)} may be tried again is now: "${reason}".`,
          },
        ];
      return [
        {
          rule: 'acknowledges-release',
          severity: 'danger',
          sentence: `Lets ${short(digest)}, which was aborted, be tried again: "${reason}".`,
        },
      ];
    }),
    ...Object.keys(was)
      .filter((digest) => is[digest] === undefined)
      .map(
        (digest): Effect => ({
          rule: 'withdraws-acknowledgement',
          severity: 'notice',
          sentence: `${short(digest)} is refused again where it was aborted.`,
        }),
      ),
  ];
}
