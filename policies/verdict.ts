import type { Violation } from './policy.ts';
import type { Exemption, Level, PolicySettings } from './settings.ts';

/** Where and when a violation is weighed: `today` as YYYY-MM-DD. */
export type Circumstances = { environment: string; today: string };

/** A violation, and what it means here. */
export type Finding = Violation & { policy: string; subject: string; level: Level; exemption?: Exemption };

/** How much a violation of `policy` by `subject` matters; one that is exempt is told and refuses nothing. */
export function weigh(
  policy: string,
  subject: string,
  violation: Violation,
  settings: PolicySettings,
  { environment, today }: Circumstances,
): Finding {
  const level = settings.policies?.[policy]?.[environment] ?? settings.environments[environment] ?? 'mandatory';
  const its = settings.exemptions?.filter(
    (each) => each.policy === policy && each.subject === subject && (each.environment ?? environment) === environment,
  );
  // Days as YYYY-MM-DD sort as they follow each other.
  const exemption = its?.find(({ until }) => until >= today);
  const expired = exemption === undefined ? its?.[0] : undefined;
  const fix =
    expired === undefined
      ? violation.fix
      : `${violation.fix}; the exemption of ${expired.owner} ended on ${expired.until}`;
  return {
    ...violation,
    fix,
    policy,
    subject,
    level: level === 'mandatory' && exemption !== undefined ? 'advisory' : level,
    ...(exemption === undefined ? {} : { exemption }),
  };
}

/** A finding as people read it: where, why, and what to do. */
export function findingText({ place, reason, fix, exemption }: Omit<Finding, 'level'>): string {
  const let_off =
    exemption === undefined ? '' : ` (let off until ${exemption.until} by ${exemption.owner}: ${exemption.why})`;
  return `${place === '' ? '' : `${place}: `}${reason}; ${fix}${let_off}`;
}
