import type { Fleet } from '../compile/judged-phases.ts';
import { apartCounts } from '../compile/stations.ts';
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
  /** What the cluster says, where `before` is what it runs; null where `before` comes from a file or a commit. */
  live: LiveRelease | null;
};

/** What a cluster says of a service's release at this moment. */
export type LiveRelease = {
  /** `none`: the stable version alone serves. */
  state: 'none' | 'running' | 'aborted';
  /** The release that its Rollout names. */
  release: string;
  /** Name of the plan's phase or wait that a running release is in. */
  phase: string | null;
  /** Share of stations that the candidate answers now. */
  weight_percent: number;
  /** Releases that were aborted, as far back as the cluster remembers. */
  aborted: string[];
  /** Objects that are not what their plan compiles to: edited by hand, or compiled by another version. */
  edited: string[];
};

/** The fleet that a change meets, with the stations that each side of it sets apart. */
export function fleetsOf({
  stations,
  targets,
}: Pick<PlanChange, 'stations' | 'targets'>): Record<'before' | 'after', Fleet> {
  const of = (target: Target): Fleet => ({ stations, apart: apartCounts(target.stations) });
  return { before: of(targets.before), after: of(targets.after) };
}

/** The day of a release that its hour is in; days are counted from 1, as people do. */
export function dayOf(hour: number): number {
  return Math.floor(hour / 24) + 1;
}

/** Whether two pieces of plans, or of what they compile to, say the same: plain data, whose parts always come in one order. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Enough of a digest for people to tell it from others. */
export function short(text: string): string {
  return text.replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}/, '$1');
}
