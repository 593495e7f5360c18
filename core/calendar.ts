import { firstFree, frozenWindows } from './freeze.ts';
import { stepNamed } from './plan-steps.ts';
import type { Assessment, Calendar, Plan, PlanStep, Training } from './plan-types.ts';
import { daysBefore, localTime, momentOf } from './zoned-time.ts';

/** From its first millisecond since 1970 up to the first one after it. */
export type Span = { begin_ms: number; end_ms: number };

/** When a step takes place; `waits_for`: the freezes that it goes on through, because it would have ended within them. */
export type DatedStep = Span & { step: PlanStep; waits_for: string[] };

const HOUR_MS = 3_600_000;
const WEEK_HOURS = 168;

/**
 * Every step's dates, from the first moment of the calendar's first day. A step lasts its hours exactly, as a cluster counts them: what
 * began at midnight ends at 23:00 or 01:00 where the clocks are changed in between. Nothing advances in a freeze: a step that would end
 * within one goes on until the freeze ends. Only an assessment, which moves nothing, ends all the same.
 */
export function datedSteps(
  { steps, freezes }: Pick<Plan, 'steps' | 'freezes'>,
  { start, zone }: Calendar,
): DatedStep[] {
  const windows = frozenWindows(freezes);
  let begin_ms = momentOf(start, zone, 'earlier');
  return steps.map((step) => {
    const due_ms = begin_ms + step.hours * HOUR_MS;
    const end_ms = step.kind === 'assess' ? due_ms : firstFree(due_ms, windows);
    const through =
      end_ms === due_ms ? [] : windows.filter((window) => window.from_ms < end_ms && window.to_ms > due_ms);
    const dated = { step, begin_ms, end_ms, waits_for: through.map(({ freeze }) => freeze.name) };
    begin_ms = end_ms;
    return dated;
  });
}

/** Where no day is known: the weeks that each step is in, counted from 1, with no freeze that would have a date. */
export function weeksOf(steps: readonly PlanStep[]): { step: PlanStep; first_week: number; last_week: number }[] {
  let begin_h = 0;
  return steps.map((step) => {
    const end_h = begin_h + step.hours;
    const weeks = { first_week: Math.floor(begin_h / WEEK_HOURS) + 1, last_week: Math.ceil(end_h / WEEK_HOURS) };
    begin_h = end_h;
    return { step, ...weeks };
  });
}

/** The two windows that an assessment compares: up to the first ramp, and from the end of the last one on. */
export function assessedWindows(
  dated: readonly DatedStep[],
  { window_hours }: Assessment,
): Record<'before' | 'after', Span> {
  const ramps = dated.filter(({ step }) => step.kind === 'ramp');
  const [first, last] = [ramps[0], ramps.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('a plan without a ramp has nothing to assess');
  const window_ms = window_hours * HOUR_MS;
  return {
    before: { begin_ms: first.begin_ms - window_ms, end_ms: first.begin_ms },
    after: { begin_ms: last.end_ms, end_ms: last.end_ms + window_ms },
  };
}

/** When a training is held: on the day so many days before its phase begins, by the clock of the calendar's zone. */
export function trainingSpan(training: Training, dated: readonly DatedStep[], { zone }: Calendar): Span {
  const step = stepNamed(
    dated.map(({ step }) => step),
    training.before,
  );
  const phase = dated.find((other) => other.step === step);
  if (phase === undefined) throw new RangeError(`"${training.before}" is no phase of the plan`);
  const date = daysBefore(localTime(phase.begin_ms, zone).date, training.days_before);
  const begin_ms = momentOf(`${date} ${training.at}`, zone, 'later');
  return { begin_ms, end_ms: begin_ms + training.minutes * 60_000 };
}

/** Steps during which something may go wrong, and nobody is on call when they begin. */
export function stepsWithoutOnCall({ steps }: Pick<Plan, 'steps'>): PlanStep[] {
  const watched = new Set<PlanStep['kind']>(['shadow', 'ramp', 'hold', 'retire']);
  return steps.filter(({ kind, on_call }) => watched.has(kind) && on_call.length === 0);
}
