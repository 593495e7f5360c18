import { LEADS } from '../../core/record.ts';

/** Leads that are learned of together: 1-3, 4-8, 9-16 and 17-24. Near hours hang on the latest readings, far ones on the day and the week. */
export const GROUP_ENDS = [3, 8, 16, LEADS] as const;
export const GROUPS = GROUP_ENDS.length;

/** The group of each lead, by lead - 1. */
export const groupOf: readonly number[] = Array.from({ length: LEADS }, (_, k) =>
  GROUP_ENDS.findIndex((end) => k < end),
);

/** "4-8" */
export function groupName(group: number): string {
  return `${(GROUP_ENDS[group - 1] ?? 0) + 1}-${GROUP_ENDS[group]}`;
}
