import type { Plan, PlanPhase } from '../plan.ts';
import type { Target } from './target.ts';

/** A phase in a target's time. */
export type TimedPhase = PlanPhase & {
  /** Real seconds that the phase lasts while every gate is good. */
  seconds: number;
  /** Hours that are judged by its end where none is missing. */
  judged_hours: number;
  /** Judged live hours that must be reached before the phase's evidence can pass. */
  min_hours: number;
  /** Age of the release, in domain hours since its first pair, that the phase's evidence waits for. */
  age_hours: number;
  /** Share of stations that the phase before gives the canary, and that this one does. */
  weights: { from: number; to: number };
};

/** Share of the hours that may be missing (a restart of the scorer, a late feed) without holding the release up. */
const HOURS_FLOOR = 0.9;

/** An hour is judged once both versions forecast it at all 24 leads, so the first 24 never are … */
const FIRST_JUDGED_H = 24;

/** … and it is closed the plan's truth delay later; one more hour for the look that follows. */
const LOOK_H = 1;

/** The first pairs of a release may fail while its pods come up; the phase must not wait for them for ever. */
const FIRST_PAIRS_H = 3;

/** The guard says nothing below 24 hours. */
const LEAST_HOURS = 24;

/** The phases as the target times them. Hours count from the first pair of the release, through all its phases. */
export function timedPhases(plan: Plan, { time }: Pick<Target, 'time'>): TimedPhase[] {
  const closing_h = plan.judge.truth_delay_hours + LOOK_H;
  let end_h = 0;
  return plan.phases.map((phase, index) => {
    const rehearsed = phase.kind === 'shadow' ? plan.rehearsal.shadow_hours : plan.rehearsal.ramp_hours;
    const hours = time.phases === 'rehearsal' ? rehearsed : phase.hours;
    end_h += hours;
    const judged_hours = Math.max(0, end_h - FIRST_JUDGED_H - closing_h);
    const min_hours = Math.max(LEAST_HOURS, Math.floor(HOURS_FLOOR * judged_hours));
    const evidence = { judged_hours, min_hours, age_hours: end_h - FIRST_PAIRS_H };
    const weights = { from: (plan.phases[index - 1]?.weight_percent ?? 0) / 100, to: phase.weight_percent / 100 };
    return { ...phase, hours, seconds: hours * time.seconds_per_hour, ...evidence, weights };
  });
}
