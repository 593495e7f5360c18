import type { Target } from '../compile/target.ts';
import type { Gate } from '../gate.ts';
import type { Plan } from '../plan.ts';

/** `danger`: may release what was rejected, or judges less. `warning`: a running release feels it. `notice`: for the next release. */
export type Severity = 'danger' | 'warning' | 'notice';

/** What a change of a plan does, for whoever reviews it. */
export type Effect = { rule: string; severity: Severity; sentence: string };

/** A plan before and after, and what is released before and after. */
export type PlanChange = {
  before: Plan;
  after: Plan;
  targets: { before: Target; after: Target };
  gates: readonly Gate[];
  /** Stations of the fleet, where they are known. */
  stations: number | null;
};

/** The day of a release that its hour is in; days are counted from 1, as people do. */
export function dayOf(hour: number): number {
  return Math.floor(hour / 24) + 1;
}

/** Whether two pieces of plans, or of what they compile to, say the same: plain data, whose parts always come in one order. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
