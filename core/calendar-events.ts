import { assessedWindows, type DatedStep, datedSteps, type Span, trainingSpan } from './calendar.ts';
import { frozenWindows } from './freeze.ts';
import type { Calendar, Freeze, Plan, PlanStep } from './plan-types.ts';

/**
 * What people put into their calendars. `uid` says what it is and not when: of a calendar that is imported again after a change, each
 * event moves instead of coming a second time.
 */
export type CalendarEvent = Span & { uid: string; title: string; description: string };

/** Steps, freezes, what an assessment compares, and trainings. */
export function calendarEvents(plan: Plan, calendar: Calendar): CalendarEvent[] {
  const dated = datedSteps(plan, calendar);
  const events = [
    ...dated.map((step) => stepEvent(plan, step)),
    ...frozenWindows(plan.freezes).map(({ freeze, from_ms, to_ms }) => ({
      ...{ kind: 'freeze', key: freeze.name, begin_ms: from_ms, end_ms: to_ms },
      ...freezeWords(freeze),
    })),
    ...dated.flatMap(({ step }) => (step.kind === 'assess' ? windowEvents(assessedWindows(dated, step)) : [])),
    ...plan.trainings.map((training) => ({
      ...{ kind: 'training', key: `${training.title} ${training.before}` },
      ...trainingSpan(training, dated, calendar),
      title: `training: ${training.title}`,
      description: training.for === undefined ? '' : `For ${training.for}.`,
    })),
  ];
  return named(plan.service, events);
}

type Unnamed = Span & { kind: string; key: string; title: string; description: string };

/** The n-th of its kind that has this key: of two freezes of one name each keeps its own. */
function named(service: string, events: readonly Unnamed[]): CalendarEvent[] {
  const seen = new Map<string, number>();
  return events.map(({ kind, key, title, ...event }) => {
    const slug = [kind, ...(key.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])].join('-');
    const nth = (seen.get(slug) ?? 0) + 1;
    seen.set(slug, nth);
    return { ...event, uid: `${service}.${slug}.${nth}@gridramp`, title: `${service}: ${title}` };
  });
}

/** By its kind and place, not its name: a ramp of 12 % in place of 10 % is the same event. */
function stepEvent({ service, runbook }: Plan, { step, waits_for, begin_ms, end_ms }: DatedStep): Unnamed {
  const lines = [
    ...wordsOf(step),
    ...(step.on_call.length === 0 ? [] : [`On call: ${step.on_call.join(', ')}.`]),
    ...waits_for.map((freeze) => `Goes on until the end of the freeze "${freeze}".`),
    `Runbook of ${service}: ${runbook}`,
  ];
  return { kind: step.kind, key: '', begin_ms, end_ms, title: titleOf(step), description: lines.join('\n') };
}

function titleOf(step: PlanStep): string {
  if (step.kind === 'ramp') return `${step.weight_percent} % of the stations`;
  return { prepare: 'preparation', shadow: 'shadow', hold: 'hold', retire: 'retire', assess: 'assessment' }[step.kind];
}

function wordsOf(step: PlanStep): string[] {
  if (step.kind === 'prepare') return step.what;
  if (step.kind === 'hold') return [`${step.by === null ? 'To be decided' : `${step.by} decides`}: ${step.reason}`];
  if (step.kind !== 'retire') return [];
  const { predictors, flags, dashboards, alerts } = step;
  const going = { predictors: Object.keys(predictors), flags, dashboards, alerts };
  return Object.entries(going).flatMap(([what, names]) => (names.length === 0 ? [] : [`${what}: ${names.join(', ')}`]));
}

function freezeWords({ name }: Freeze) {
  return { title: `freeze: ${name}`, description: 'Nothing advances. An abort still acts at once.' };
}

function windowEvents({ before, after }: Record<'before' | 'after', Span>): Unnamed[] {
  const title = (side: string) => `window ${side} the release, for the assessment`;
  return [
    { kind: 'window', key: 'before', title: title('before'), description: '', ...before },
    { kind: 'window', key: 'after', title: title('after'), description: 'When it ends: npm run assess.', ...after },
  ];
}
